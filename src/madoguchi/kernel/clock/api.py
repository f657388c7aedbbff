"""The one clock. UTC in the store, JST for people; tests and drills hand in their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """The time as an aware datetime in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The machine's time in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that moves only when it is told to; ``at`` must be aware."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware time")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The time it was set to, in UTC."""
        return self._at

    def advance(self, step: timedelta) -> None:
        """Move on by ``step``."""
        self._at += step


_clock: ContextVar[Clock] = ContextVar("madoguchi_clock", default=SystemClock())  # noqa: B039


def now() -> datetime:
    """The time of the current context's clock: aware, in UTC."""
    return _clock.get().now()


@contextmanager
def use(clock: Clock) -> Iterator[None]:
    """Run on another clock within this context; other threads keep theirs."""
    token = _clock.set(clock)
    try:
        yield
    finally:
        _clock.reset(token)


def jst(at: datetime) -> datetime:
    """The same moment on a Japanese wall clock; ``at`` must be aware."""
    if at.tzinfo is None:
        raise ValueError("an aware time is needed")
    return at.astimezone(JST)
