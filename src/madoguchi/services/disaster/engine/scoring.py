"""How far readings agree with what people say is right: shares, F1, tables, intervals.

Shares carry Wilson's interval (E. B. Wilson, JASA 22, 1927), means of F1 one by bootstrap over
messages. A figure that rests on fewer than ``ENOUGH`` messages says nothing and is marked so.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from madoguchi.kernel.places.api import distance_m
from madoguchi.kernel.places.data import Place, Point
from madoguchi.services.disaster.data import Category, Urgency

ENOUGH = 30
Z = 1.959964
"""Two-sided 95 %."""
DRAWS = 1000

NEAR_M = {"address": 500, "block": 500, "district": 1500}
"""How far from the true point a point may lie; 250 m where the truth is a facility or a pin."""
CLOSE_M = 250


class Placed(StrEnum):
    """What became of the place of one message."""

    RIGHT = "right"
    ASKED = "asked"
    WRONG = "wrong"  # a point elsewhere, and nobody was asked
    INVENTED = "invented"  # a point where the message tells none, and nobody was asked
    MISSED = "missed"  # no point, and nobody was asked
    NOTHING = "nothing"  # no place was told and none was claimed
    UNKNOWN = "unknown"  # the truth does not say where


@dataclass(frozen=True, slots=True)
class Said:
    """What the machine first made of a message."""

    urgency: Urgency
    categories: frozenset[Category]
    point: Point | None
    asked: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """What people say is right. ``place`` counts where ``place_known``; None = none is told."""

    urgency: Urgency
    categories: frozenset[Category]
    place: Place | None = None
    place_known: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """One message with both readings; ``name`` tells people which it is."""

    name: str
    text: str
    said: Said
    truth: Truth

    @property
    def placed(self) -> Placed:
        """What became of its place."""
        return place_outcome(self.said, self.truth)

    @property
    def is_right(self) -> bool:
        """Whether nothing of it has to be corrected."""
        labels = (self.said.urgency, self.said.categories)
        bad = (Placed.WRONG, Placed.INVENTED, Placed.MISSED)
        return labels == (self.truth.urgency, self.truth.categories) and self.placed not in bad


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or a mean with its 95 % interval. ``hits`` of ``count``; a mean has no ``hits``."""

    value: float
    low: float
    high: float
    count: int
    hits: int | None = None

    @property
    def enough(self) -> bool:
        """Whether it rests on enough messages to say anything."""
        return self.count >= ENOUGH


@dataclass(frozen=True, slots=True)
class PerCategory:
    """How often a category was meant, said, and both."""

    category: Category
    meant: int
    said: int
    both: int

    @property
    def f1(self) -> float:
        """F1 of this category."""
        return f1(self.meant, self.said, self.both)


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that is measured on a list of messages.

    ``urgencies[truth][said]``: how many messages, levels from 0 to 3.
    """

    count: int
    urgency: Figure
    life_found: Figure
    life_meant: Figure
    macro_f1: Figure
    place_kept: Figure
    place_wrong: Figure
    urgencies: tuple[tuple[int, ...], ...]
    categories: tuple[PerCategory, ...]
    places: dict[Placed, int]


def score(examples: Sequence[Example], dice: np.random.Generator) -> Scores:
    """All figures of a list of messages; ``dice`` draws the bootstrap."""
    life = Urgency.LIFE
    meant = [e for e in examples if e.truth.urgency is life]
    told = [e for e in examples if e.said.urgency is life]
    places = [e.placed for e in examples if e.placed is not Placed.UNKNOWN]
    pointed = [p for p in places if p not in (Placed.NOTHING, Placed.INVENTED)]
    wrong = sum(p in (Placed.WRONG, Placed.INVENTED) for p in places)
    kept = sum(p in (Placed.RIGHT, Placed.ASKED) for p in pointed)
    return Scores(
        count=len(examples),
        urgency=share(sum(e.said.urgency == e.truth.urgency for e in examples), len(examples)),
        life_found=share(sum(e.said.urgency is life for e in meant), len(meant)),
        life_meant=share(sum(e.truth.urgency is life for e in told), len(told)),
        macro_f1=macro_f1(examples, dice),
        place_kept=share(kept, len(pointed)),
        place_wrong=share(wrong, len(places)),
        urgencies=_urgencies(examples),
        categories=_categories(examples),
        places={p: places.count(p) for p in Placed if p is not Placed.UNKNOWN},
    )


def share(hits: int, count: int) -> Figure:
    """A share with Wilson's interval; NaN of nothing."""
    if count == 0:
        return Figure(math.nan, 0.0, 1.0, 0, 0)
    value, z2 = hits / count, Z * Z
    middle = (value + z2 / (2 * count)) / (1 + z2 / count)
    spread = value * (1 - value) / count + z2 / (4 * count * count)
    half = Z * math.sqrt(spread) / (1 + z2 / count)
    return Figure(value, max(0.0, middle - half), min(1.0, middle + half), count, hits)


def f1(meant: int, said: int, both: int) -> float:
    """The harmonic mean of precision and recall; 0 where nothing was meant or said."""
    return 2 * both / (meant + said) if meant + said else 0.0


def macro_f1(examples: Sequence[Example], dice: np.random.Generator) -> Figure:
    """The mean F1 of the categories that are meant at least once, by bootstrap over messages."""
    if not examples:
        return Figure(math.nan, 0.0, 1.0, 0)
    meant = _table([e.truth.categories for e in examples])
    said = _table([e.said.categories for e in examples])
    count = len(examples)
    times = dice.multinomial(count, np.full(count, 1 / count), DRAWS).astype(np.float64)
    drawn = _mean_f1(times @ meant, times @ said, times @ (meant * said))
    once = np.ones((1, count))
    value = _mean_f1(once @ meant, once @ said, once @ (meant * said))[0]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Figure(float(value), float(low), float(high), count)


def place_outcome(said: Said, truth: Truth) -> Placed:
    """What became of a place, by the distances of the label guide."""
    if not truth.place_known:
        return Placed.UNKNOWN
    if truth.place is None or truth.place.point is None:
        silent = said.point is not None and not said.asked
        return Placed.INVENTED if silent else Placed.NOTHING
    reach = NEAR_M.get(truth.place.accuracy.value, CLOSE_M)
    if said.point is not None and distance_m(said.point, truth.place.point) <= reach:
        return Placed.RIGHT
    if said.asked:
        return Placed.ASKED
    return Placed.MISSED if said.point is None else Placed.WRONG


def _table(sets: Sequence[frozenset[Category]]) -> NDArray[np.float64]:
    return np.array([[c in held for c in Category] for held in sets], np.float64)


def _mean_f1(
    meant: NDArray[np.float64], said: NDArray[np.float64], both: NDArray[np.float64]
) -> NDArray[np.float64]:
    """One mean a row; categories that are meant nowhere in a row do not count in it."""
    each = 2 * both / np.maximum(meant + said, 1)
    present = meant > 0
    mean: NDArray[np.float64] = (each * present).sum(1) / np.maximum(present.sum(1), 1)
    return mean


def _urgencies(examples: Sequence[Example]) -> tuple[tuple[int, ...], ...]:
    table = [[0] * len(Urgency) for _ in Urgency]
    for example in examples:
        table[example.truth.urgency][example.said.urgency] += 1
    return tuple(map(tuple, table))


def _categories(examples: Sequence[Example]) -> tuple[PerCategory, ...]:
    found = []
    for category in Category:
        meant = sum(category in e.truth.categories for e in examples)
        said = sum(category in e.said.categories for e in examples)
        both = sum(category in e.truth.categories & e.said.categories for e in examples)
        if meant or said:
            found.append(PerCategory(category, meant, said, both))
    return tuple(found)
