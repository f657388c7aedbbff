"""How surely two messages of one town tell of the same event: a logistic model over their relation.

The relation of a message to its candidates is computed for all of them at once; places, subjects
and likeness count together (a likeness means little at two places, and much at none).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from madoguchi.kernel.places.api import distance_m
from madoguchi.kernel.places.data import Accuracy
from madoguchi.services.disaster.data import Category, Grouped
from madoguchi.services.disaster.engine import profile, text

Array = NDArray[np.float64]

GAPS_MIN = (5, 15, 30, 60, 120, 240, 480)
DISTANCES_M = (150, 400, 900, 2000)
_LOOSE = frozenset({Category.QUESTION, Category.IRRELEVANT})


@dataclass(frozen=True, slots=True)
class Pairs:
    """A trained model: relations are centred, scaled and weighed. ``threshold`` is for a group."""

    mean: Array
    scale: Array
    weights: Array
    bias: float
    threshold: float

    def surely(self, one: Grouped, others: Sequence[Grouped]) -> Array:
        """The probability, for each of ``others``, that it tells of the event of ``one``."""
        surely = np.zeros(len(others))
        related = [n for n, other in enumerate(others) if _related(one, other)]
        if related:
            table = relations(one, [others[n] for n in related])
            score = ((table - self.mean) / self.scale) @ self.weights + self.bias
            surely[related] = 1 / (1 + np.exp(-score))
        return surely


def relations(one: Grouped, others: Sequence[Grouped]) -> Array:
    """(others, relations): what speaks for and against one event."""
    facts = np.array([_facts(one, other) for other in others], np.float64)
    here = profile.of(one.message.text)
    there = np.stack([profile.of(other.message.text) for other in others])
    alike = np.einsum("fw,nfw->nf", here, there).astype(np.float64)
    gap, distance, *_ = facts.T
    hours = np.log1p(gap)[:, None]
    place = np.hstack([facts[:, 2:7], _bins(distance, DISTANCES_M) * (distance >= 0)[:, None]])
    subject = facts[:, 7:12]
    rest = facts[:, 12:]
    numbers = np.hstack([alike, np.sqrt(alike), facts[:, 11:12], hours])
    return np.hstack(
        [
            place,
            _bins(gap, GAPS_MIN),
            subject,
            rest,
            numbers,
            _crossed(numbers[:, [0, 1, 4, 5]], place),
            _crossed(numbers[:, [0, 1, 4]], rest),
            _crossed(place, subject),
            _crossed(numbers[:, :2], subject),
            _crossed(place, rest),
            numbers[:, :2] * numbers[:, 4:5],
            numbers[:, [0, 1, 4]] * hours,
        ]
    )


def _facts(one: Grouped, other: Grouped) -> list[float]:
    """Minutes, metres (-1 unknown), five facts on places, five on subjects, then the rest."""
    a, b = one.reading, other.reading
    minutes = abs((one.message.sent_at - other.message.sent_at).total_seconds()) / 60
    here, there = a.place.point, b.place.point
    metres = distance_m(here, there) if here is not None and there is not None else -1.0
    named = (a.place_text is not None) + (b.place_text is not None)
    mine, theirs = _subjects(a.categories), _subjects(b.categories)
    shared = len(mine & theirs) / (len(mine | theirs) or 1)
    main = bool(mine and theirs) and (a.categories[0] in theirs or b.categories[0] in mine)
    lowest = min(a.urgency, b.urgency)
    return [
        minutes,
        metres,
        here is not None and a.place.label != "" and a.place.label == b.place.label,
        a.place_text is not None and _plain(a.place_text) == _plain(b.place_text),
        _named_inside(one, other) or _named_inside(other, one),
        named == 0,
        named == 1,
        shared == 0,
        0 < shared < 0.6,
        shared >= 0.6,
        main,
        shared,
        a.doubtful and b.doubtful,
        a.doubtful != b.doubtful,
        a.urgency == b.urgency,
        abs(a.urgency - b.urgency) >= 2,
        lowest == 3,
        lowest == 0,
        one.message.source is other.message.source,
        a.settles or b.settles,
    ]


@lru_cache(maxsize=1024)
def _subjects(categories: tuple[Category, ...]) -> frozenset[Category]:
    return frozenset(categories) - _LOOSE


def _plain(words: str | None) -> str:
    return text.plain(words) if words else ""


def _named_inside(one: Grouped, other: Grouped) -> bool:
    """Whether the place that one names stands in the text of the other, which names none."""
    named = one.reading.place_text
    if not named or other.reading.place_text is not None:
        return False
    return named in other.message.text


def _related(one: Grouped, other: Grouped) -> bool:
    """Whether both tell of a subject, or both are in doubt; at one place much may happen."""
    a, b = one.reading, other.reading
    shared = not _subjects(a.categories).isdisjoint(_subjects(b.categories))
    return (shared or (a.doubtful and b.doubtful)) and not _next_block(one, other)


def _next_block(one: Grouped, other: Grouped) -> bool:
    """The next block flooded at the same hour is another event."""
    here, there = one.reading.place, other.reading.place
    blocks = here.accuracy is Accuracy.BLOCK and there.accuracy is Accuracy.BLOCK
    return blocks and here.label != there.label


def _bins(values: Array, edges: Sequence[float]) -> Array:
    return np.eye(len(edges) + 1)[np.digitize(values, edges)]


def _crossed(left: Array, right: Array) -> Array:
    product: Array = (left[:, :, None] * right[:, None, :]).reshape(len(left), -1)
    return product
