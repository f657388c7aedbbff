"""A place found in a text, before it is handed out as a mention."""

from dataclasses import dataclass

from madoguchi.kernel.places.data import Accuracy, Place, PlaceKind

# How sure a mention is of being this place.
SURE, LIKELY, FAIR, GUESS = 0.95, 0.85, 0.7, 0.4


@dataclass(frozen=True, slots=True)
class Found:
    """A place between two offsets of the source."""

    start: int
    end: int
    kind: PlaceKind
    place: Place
    score: float
    elsewhere: bool = False
    exists: bool = True
    reason: str = ""


def nothing(label: str, town: str) -> Place:
    """A named place without a point."""
    return Place(None, Accuracy.NONE, 0, label, town)
