"""How long a table keeps its rows. Standard library only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Retention:
    """``days`` after which rows go (None: kept as long as the town), and the reason.

    ``because`` is shown to staff and to whoever asks the town what it keeps; in Japanese.
    ``ended`` gives the condition (a ``Q``) for rows that were done with before a moment: a case
    when it was closed, not when it was opened. It is there exactly where ``days`` is. A row that
    others still point at stays with them.
    """

    days: int | None
    because: str
    ended: Callable[[datetime], Any] | None = None

    def __post_init__(self) -> None:
        if (self.days is None) != (self.ended is None):
            raise ValueError("rows that go after some days need to say from when on; no others do")
