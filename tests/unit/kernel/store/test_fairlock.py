import threading
import time

import pytest

from madoguchi.kernel.store.sqlite.fairlock import FairLock, lock_for


def nothing():
    return None


def in_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_threads_are_served_in_the_order_they_came():
    lock = FairLock()
    first = lock.acquire(5, nothing)
    order, threads = [], []

    def work(number):
        turn = lock.acquire(10, nothing)
        order.append(number)
        lock.release(turn)

    for number in range(20):
        threads.append(in_thread(lambda number=number: work(number)))
        wait_until(lambda number=number: lock.waiting == number + 1)
    lock.release(first)
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_who_waits_too_long_leaves_the_queue():
    lock = FairLock()
    held = lock.acquire(5, nothing)
    failed = []

    def work():
        with pytest.raises(TimeoutError, match=r"0\.05 s"):
            lock.acquire(0.05, nothing)
        failed.append(True)

    in_thread(work).join()
    assert failed == [True]
    assert lock.waiting == 0
    lock.release(held)
    lock.release(lock.acquire(0.05, nothing))


def test_a_second_acquire_by_the_same_thread_is_an_error_not_a_deadlock():
    lock = FairLock()
    turn = lock.acquire(5, nothing)
    with pytest.raises(RuntimeError, match="already writing"):
        lock.acquire(5, nothing)
    lock.release(turn)


def test_a_thread_that_died_with_the_lock_loses_it_and_is_cleaned_up():
    lock = FairLock()
    abandoned = []
    in_thread(lambda: lock.acquire(5, lambda: abandoned.append(True))).join()
    lock.release(lock.acquire(5, nothing))
    assert abandoned == [True]


def test_releasing_twice_does_not_take_the_lock_from_another():
    lock = FairLock()
    mine = lock.acquire(5, nothing)
    lock.release(mine)
    taken, done = threading.Event(), threading.Event()

    def work():
        turn = lock.acquire(5, nothing)
        taken.set()
        done.wait(10)
        lock.release(turn)

    thread = in_thread(work)
    taken.wait(10)
    lock.release(mine)
    with pytest.raises(TimeoutError):
        lock.acquire(0.05, nothing)
    done.set()
    thread.join()


def test_one_lock_for_one_file():
    assert lock_for("a") is lock_for("a")
    assert lock_for("a") is not lock_for("b")
