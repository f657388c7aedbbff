"""What is special about the embedded store. (PostgreSQL answers these in its own way.)"""

import threading
import time
from collections import deque

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError

from madoguchi.kernel.store.sqlite.base import DatabaseWrapper
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Counter

pytestmark = pytest.mark.django_db(transaction=True)


def pragma(name):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


def test_every_commit_is_durable():
    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 30000


def test_a_transaction_takes_the_write_lock_at_its_begin(counter):
    with transaction.atomic():
        assert connection.connection.in_transaction
        held = connection._turn
        with transaction.atomic():
            assert connection._turn is held
        assert connection._turn is held
    assert connection._turn is None


def test_reads_do_not_wait_for_a_writer(counter, run_together):
    seen = []

    def reads():
        seen.append(Counter.objects.get().value)

    with current.use(counter.town_id), transaction.atomic():
        Counter.objects.update(value=9)
        assert run_together(counter.town_id, reads) == []
    assert seen == [0]


def test_a_writer_that_waits_too_long_gets_an_error_and_the_rest_goes_on(
    counter, run_together, monkeypatch
):
    monkeypatch.setattr(DatabaseWrapper, "_patience", 0.1)

    def writes():
        with transaction.atomic():
            Counter.objects.update(value=1)

    with current.use(counter.town_id), transaction.atomic():
        errors = run_together(counter.town_id, writes, lambda: Counter.objects.update(value=2))
        assert [type(e) for e in errors] == [OperationalError] * 2
    assert run_together(counter.town_id, writes) == []


def test_a_second_connection_of_the_same_thread_is_told_so(counter):
    second = connection.copy()
    try:
        with transaction.atomic(), pytest.raises(RuntimeError, match="already writing"):
            second._start_transaction_under_autocommit()
    finally:
        second.close()
    assert connection.write_lock.waiting == 0


def test_writers_are_served_in_order(counter, run_together, wait_until):
    """Each thread asks once while the lock is held; they get it in the order they asked."""
    order, threads = [], []
    lock = connection.write_lock

    def write(number):
        with transaction.atomic():
            order.append(number)

    def in_thread(number):
        try:
            write(number)
        finally:
            connection.close()

    with transaction.atomic():
        for number in range(20):
            thread = threading.Thread(target=in_thread, args=(number,))
            thread.start()
            threads.append(thread)
            wait_until(lambda number=number: lock.waiting == number + 1)
    for thread in threads:
        thread.join(60)
    assert order == list(range(20))


class Queue(deque):
    """The lock's queue, which remembers who came and who was called, in order."""

    def __init__(self):
        super().__init__()
        self.came, self.called = [], []

    def append(self, turn):
        self.came.append(turn)
        super().append(turn)

    def popleft(self):
        self.called.append(turn := super().popleft())
        return turn


def test_twenty_busy_writers_never_overtake_each_other(
    counter, run_together, wait_until, monkeypatch
):
    queue = Queue()
    lock = connection.write_lock
    monkeypatch.setattr(lock, "_queue", queue)

    def work():
        for _ in range(20):
            with transaction.atomic():
                if not queue.called:  # the very first lets all others come
                    wait_until(lambda: lock.waiting == 19)
                row = Counter.objects.get()
                row.value += 1
                row.save()

    assert run_together(counter.town_id, *[work] * 20) == []
    with current.use(counter.town_id):
        assert Counter.objects.get().value == 400
    assert len(queue.came) >= 19
    assert queue.called == queue.came


def test_a_thread_that_dies_inside_a_transaction_frees_the_lock(counter):
    kept = []

    def begins_and_dies():
        with current.use(counter.town_id):
            transaction.atomic().__enter__()
            Counter.objects.update(value=100)
            kept.append(connection.connection)  # so that nothing is rolled back by collection

    thread = threading.Thread(target=begins_and_dies)
    thread.start()
    thread.join()
    assert kept[0].in_transaction
    begun = time.monotonic()
    with current.use(counter.town_id), transaction.atomic():
        assert Counter.objects.get().value == 0
        Counter.objects.update(value=3)
    assert time.monotonic() - begun < 10
    assert not kept[0].in_transaction
    kept[0].close()
