"""How surely two messages of one town tell of the same event: a logistic model over their relation.

The relation of a message to its candidates is computed for all of them at once; places, subjects
and likeness count together (a likeness means little at two places, and much at none). Likeness is
that of words and characters, rare ones before common ones, and that of topics.
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
from madoguchi.services.disaster.engine.profile import Profiles

Array = NDArray[np.float64]

_WORDS = [0, 3]
"""Columns of ``profile.alike``: shared words and character 2-grams, all of one weight."""

_SHARED_WORDS = 2
"""Column of ``profile.alike``: the summed rarity of shared words."""

RARE = 0.7
"""So much of it that messages of two subjects may be of one event."""

_RARITY = [1, _SHARED_WORDS, 4]
"""Shared words by rarity and their sum, shared character 2-grams by rarity."""

GAPS_MIN = (5, 15, 30, 60, 120, 240, 480)
DISTANCES_M = (150, 400, 900, 2000)
_CHATTER = (Category.IRRELEVANT,)
_LOOSE = frozenset({Category.QUESTION, Category.IRRELEVANT})


@dataclass(frozen=True, slots=True)
class Pairs:
    """A trained model: relations are centred, scaled and weighed. ``threshold`` is for a group."""

    profiles: Profiles
    mean: Array
    scale: Array
    weights: Array
    bias: float
    threshold: float

    def surely(self, one: Grouped, others: Sequence[Grouped]) -> Array:
        """The probability, for each of ``others``, that it tells of the event of ``one``."""
        surely = np.zeros(len(others))
        related, table = relations(one, others, self.profiles)
        if related:
            score = ((table - self.mean) / self.scale) @ self.weights + self.bias
            surely[related] = 1 / (1 + np.exp(-score))
        return surely


def relations(
    one: Grouped, others: Sequence[Grouped], profiles: Profiles
) -> tuple[list[int], Array]:
    """Which of ``others`` may be of one event with ``one``, and what speaks for and against it.

    Returns their indices and (related, relations). ``others`` is not empty.
    """
    here = profiles.of(one.message.text)
    there = [profiles.of(other.message.text) for other in others]
    shared = profile.alike(here, there)
    rare = (shared[:, _SHARED_WORDS] >= RARE).tolist()
    related = [n for n, other in enumerate(others) if _related(one, other, rare=rare[n])]
    if not related:
        return [], np.zeros((0, 0))
    facts = np.array([_facts(one, others[n]) for n in related], np.float64)
    topics = _topics(here.topics, np.stack([there[n].topics for n in related]))
    fewest = np.array([[min(here.words, there[n].words)] for n in related], np.float64)
    return related, _table(facts, shared[related], topics, 1 / np.sqrt(1 + fewest))


def _table(facts: Array, shared: Array, topics: Array, brief: Array) -> Array:
    """(pairs, relations): what counts together stands together.

    ``brief``: (pairs, 1), the more the fewer words the shorter text has: few can be shared.
    """
    words = shared[:, _WORDS]
    gap, distance, *_ = facts.T
    hours = np.log1p(gap)[:, None]
    place = np.hstack([facts[:, 2:7], _bins(distance, DISTANCES_M) * (distance >= 0)[:, None]])
    subject = facts[:, 7:12]
    rest = facts[:, 12:]
    numbers = np.hstack([words, np.sqrt(words), facts[:, 11:12], hours])
    likeness = np.hstack([shared[:, _RARITY], topics[:, :1]])
    return np.hstack(
        [
            place,
            _bins(gap, GAPS_MIN),
            subject,
            rest,
            numbers,
            shared,
            topics,
            brief,
            np.sqrt(np.maximum(likeness, 0)),
            _crossed(numbers[:, [0, 1, 4, 5]], place),
            _crossed(numbers[:, [0, 1, 4]], rest),
            _crossed(place, subject),
            _crossed(numbers[:, :2], subject),
            _crossed(place, rest),
            _crossed(likeness, place),
            _crossed(brief, np.hstack([place, subject, likeness])),
            _crossed(likeness[:, :3], likeness[:, 3:]),
            numbers[:, :2] * numbers[:, 4:5],
            numbers[:, [0, 1, 4]] * hours,
        ]
    )


def _topics(here: NDArray[np.float32], there: NDArray[np.float32]) -> Array:
    """The likeness of topics (as an angle and as a product), what both tell, where they differ."""
    mine, theirs = here[: len(Category)], there[:, : len(Category)]
    product = theirs @ mine
    lengths = np.linalg.norm(theirs, axis=1) * np.linalg.norm(mine)
    apart = np.abs(there - here)
    found = [
        product / np.maximum(lengths, 1e-6),
        product,
        apart[:, : len(Category)].max(1),
        *np.minimum(there, here).T,
        *apart[:, len(Category) :].T,
    ]
    return np.stack(found, axis=1).astype(np.float64)


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


def _related(one: Grouped, other: Grouped, *, rare: bool) -> bool:
    """Whether both tell of a subject or share ``rare`` words, or both are in doubt.

    Chatter is about no event, and at one place much may happen: where both name a place, its name
    may be all that they share.
    """
    a, b = one.reading, other.reading
    if a.categories == b.categories == _CHATTER or _next_block(one, other):
        return False
    shared = not _subjects(a.categories).isdisjoint(_subjects(b.categories))
    both_placed = a.place_text is not None and b.place_text is not None
    return shared or (rare and not both_placed) or (a.doubtful and b.doubtful)


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
