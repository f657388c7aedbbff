"""What waits for a member of staff: services register lines, the staff home shows them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from madoguchi.kernel.people.models import StaffMember

Tone = Literal["urgent", "warn", "normal", "calm"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: how many of what wait, and where to go. Lines with count 0 show as done."""

    order: int
    title: str
    count: int
    url: str
    tone: Tone
    note: str = ""


_sources: list[Callable[["StaffMember"], list[Waiting]]] = []


def register(source: Callable[["StaffMember"], list[Waiting]]) -> None:
    """Add a source of lines for a member of staff of the current town."""
    if source not in _sources:
        _sources.append(source)


def lines(staff: "StaffMember") -> list[Waiting]:
    """All lines, in the order of use."""
    found = [line for source in _sources for line in source(staff)]
    return sorted(found, key=lambda line: line.order)
