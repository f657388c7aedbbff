"""A lock that is handed on in the order in which it was asked for."""

import os
import threading
from collections import deque
from collections.abc import Callable

LOOK_AFTER_HOLDER = 0.5
"""Seconds after which a waiting thread looks whether the holder still lives."""


class Turn:
    """One thread's place in the queue, and then its hold on the lock."""

    __slots__ = ("_abandon", "_ready", "thread")

    def __init__(self, abandon: Callable[[], None]) -> None:
        self.thread = threading.current_thread()
        self._abandon = abandon
        self._ready = threading.Event()

    def call(self) -> None:
        """Tell the thread that the lock is its own."""
        self._ready.set()

    def wait(self, seconds: float) -> bool:
        """Wait for ``call``; False after ``seconds``."""
        return self._ready.wait(seconds)

    def abandon(self) -> None:
        """Undo what the holder left open when its thread died."""
        self._abandon()


class FairLock:
    """First come, first served; a thread that dies with the lock loses it to the next."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._holder: Turn | None = None
        self._queue: deque[Turn] = deque()

    def acquire(self, timeout: float, abandon: Callable[[], None]) -> Turn:
        """Wait for the lock at most ``timeout`` seconds, else TimeoutError.

        ``abandon`` is called from another thread if this one dies without ``release``. A thread
        that holds the lock already gets a RuntimeError instead of waiting for itself.
        """
        turn = Turn(abandon)
        with self._mutex:
            if self._holder is None:
                self._holder = turn
                return turn
            if self._holder.thread is turn.thread:
                raise RuntimeError("this thread is already writing through another connection")
            self._queue.append(turn)
        try:
            self._wait(turn, timeout)
        except BaseException:
            self.release(turn)
            raise
        return turn

    def _wait(self, turn: Turn, timeout: float) -> None:
        left = timeout
        while not turn.wait(min(left, LOOK_AFTER_HOLDER)):
            left -= LOOK_AFTER_HOLDER
            if left <= 0:
                raise TimeoutError(f"the write lock was not free within {timeout:g} s")
            self._bury_holder()

    def release(self, turn: Turn) -> None:
        """Hand the lock to the next in the queue; leaves the queue if it was not held yet."""
        with self._mutex:
            if self._holder is turn:
                self._holder = self._queue.popleft() if self._queue else None
                if self._holder is not None:
                    self._holder.call()
            elif turn in self._queue:
                self._queue.remove(turn)

    def _bury_holder(self) -> None:
        with self._mutex:
            holder = self._holder
        if holder is not None and not holder.thread.is_alive():
            holder.abandon()
            self.release(holder)

    @property
    def waiting(self) -> int:
        """How many threads stand in the queue."""
        return len(self._queue)


_locks: dict[str, FairLock] = {}
_registry = threading.Lock()


def lock_for(database: str) -> FairLock:
    """The process's one lock for a database file."""
    with _registry:
        return _locks.setdefault(database, FairLock())


# A forked child has none of the threads that might hold a lock.
os.register_at_fork(after_in_child=_locks.clear)
