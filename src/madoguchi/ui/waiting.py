"""What waits for a member of staff: services register lines, the staff home shows them."""

from collections.abc import Callable, Container
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


Source = Callable[["StaffMember"], list[Waiting]]

_sources: dict[Source, str] = {}


def register(source: Source, service: str = "") -> None:
    """Add a source of lines for a member of staff of the current town.

    ``service`` is the service that must be switched on ("" = always asked).
    """
    _sources[source] = service


def lines(staff: "StaffMember", on: Container[str]) -> list[Waiting]:
    """All lines of the services that are ``on``, in the order of use."""
    asked = [source for source, service in _sources.items() if not service or service in on]
    found = [line for source in asked for line in source(staff)]
    return sorted(found, key=lambda line: line.order)
