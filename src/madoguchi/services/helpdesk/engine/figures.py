"""What is counted of the queue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WithinADay:
    """Of ``due`` requests (answered, or older than a day) ``kept`` were answered within a day."""

    due: int
    kept: int

    @property
    def percent(self) -> str:
        """「83 %」, rounded half up; 「—」 where nothing was due."""
        return f"{(200 * self.kept + self.due) // (2 * self.due)} %" if self.due else "—"


def within_a_day(spans: Iterable[tuple[datetime, datetime | None]], now: datetime) -> WithinADay:
    """Count requests given as (asked, first answered or None)."""
    due = kept = 0
    for asked, answered in spans:
        if answered is not None and answered - asked <= DAY:
            due, kept = due + 1, kept + 1
        elif answered is not None or now - asked > DAY:
            due += 1
    return WithinADay(due, kept)
