"""A text as others are compared with it: its words and characters by rarity, and its topics.

Names are dealt to buckets by a checksum, so that the rarity of each is one number of a table and
the likeness of one text to many is a few sums over arrays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from madoguchi.services.disaster.engine import features, text, tokens
from madoguchi.services.disaster.engine.linear import Linear

Array = NDArray[np.float32]

BUCKETS = 1 << 16
FAMILIES = {"word": 1, "char2": 2}
"""What is compared, and where the checksums of each begin."""

REMEMBERED = 2048
SUM = 10.0  # the summed rarity of shared words is counted in tens


@dataclass(frozen=True, slots=True)
class Profile:
    """``names``: the buckets of what a text is made of, and in ``family`` which family each is of.

    ``weights``: (names, 3): as a unit vector of equal parts a family, as one by rarity, and the
    root of the rarity. ``topics``: the scores of the text model on the words alone, centred.
    ``words``: how many different words there are.
    """

    names: NDArray[np.int64]
    family: NDArray[np.int64]
    weights: Array
    topics: Array
    words: int


class Profiles:
    """Makes the profiles of texts; those of the last ``REMEMBERED`` texts are kept."""

    def __init__(self, model: Linear, rarity: Array) -> None:
        """``model``: knows the topics. ``rarity``: (BUCKETS,) of names, see ``buckets``."""
        self.rarity = rarity
        self._model = model
        self.of = lru_cache(maxsize=REMEMBERED)(self._made)

    def _made(self, words: str) -> Profile:
        found = features.of_text(text.plain(words))
        names = [buckets(found, family) for family in FAMILIES]
        return Profile(
            np.concatenate(names),
            np.repeat(np.arange(len(FAMILIES)), [len(known) for known in names]),
            np.concatenate([self._weights(known) for known in names]),
            self._model.scores(found) - self._model.bias,
            len(names[0]),
        )

    def _weights(self, names: NDArray[np.int64]) -> Array:
        rarity = self.rarity[names]
        weights = np.empty((len(names), 3), np.float32)
        weights[:, 0] = 1 / np.sqrt(max(1, len(names)))
        weights[:, 1] = rarity / max(1e-6, float(np.sqrt(rarity @ rarity)))
        weights[:, 2] = np.sqrt(rarity)
        return weights


def buckets(found: features.Features, family: str) -> NDArray[np.int64]:
    """Where the names of one family in a text are counted, each once; particles are left out."""
    start = FAMILIES[family]
    names = (name for name in found[family] if not name.endswith(tokens.GRAMMAR))
    return np.array(list({crc32(name.encode(), start) % BUCKETS for name in names}), np.int64)


def alike(one: Profile, others: Sequence[Profile]) -> NDArray[np.float64]:
    """(others, 3 a family): the sums over shared names of the products of their weights."""
    owner = np.repeat(np.arange(len(others)), [len(other.names) for other in others])
    row = np.zeros(BUCKETS, np.int16)
    row[one.names] = np.arange(1, len(one.names) + 1)
    mine = row[np.concatenate([other.names for other in others])]
    hits = np.flatnonzero(mine)
    mine, cell = mine[hits] - 1, owner[hits] * len(FAMILIES)
    theirs = np.concatenate([other.weights for other in others])[hits]
    products = one.weights[mine] * theirs
    cells = cell + one.family[mine]
    size = len(others) * len(FAMILIES)
    sums = [np.bincount(cells, column, size) for column in products.T]
    found = np.stack(sums, axis=1) / (1.0, 1.0, SUM)
    return found.reshape(len(others), 3 * len(FAMILIES))
