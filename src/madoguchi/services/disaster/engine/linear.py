"""A linear model over named features, as trained by ``scripts/train_triage.py``.

Ridge regression on 0/1 labels: the score of a label is about 1 where it holds and about 0 where it
does not. Inside a family the known features of a message are weighted by their rarity (idf) and
scaled to length 1, so that a long letter does not outweigh a cry for help.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from madoguchi.services.disaster.engine.features import Features

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Linear:
    """``index``: family and name of a feature to its row of ``weights`` (features x labels).

    ``families``: how much each weighs (the square of its length in the space of the model); those
    of ``unscaled`` hold few strong features, which count as they are.
    """

    labels: tuple[str, ...]
    families: dict[str, float]
    unscaled: frozenset[str]
    index: dict[str, dict[str, int]]
    rarity: Array
    weights: Array
    bias: Array
    thresholds: dict[str, float]

    def row(self, features: Features) -> tuple[NDArray[np.int32], Array]:
        """The known features of a message as rows of the weights and their values."""
        rows: list[NDArray[np.int32]] = []
        values: list[Array] = []
        for family, names in features.items():
            index = self.index.get(family, {})
            known = [row for row in map(index.get, names) if row is not None]
            if not known:
                continue
            rows.append(np.array(known, np.int32))
            values.append(self._scaled(self.rarity[rows[-1]], family))
        if not rows:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        return np.concatenate(rows), np.concatenate(values)

    def scores(self, features: Features) -> Array:
        """One score a label, in the order of ``labels``."""
        rows, values = self.row(features)
        scores: Array = values @ self.weights[rows] + self.bias
        return scores

    def telling(
        self, features: Features, label: str, families: Sequence[str], most: int = 3
    ) -> list[str]:
        """The names in ``families`` that speak most for a label, the strongest first."""
        column = self.labels.index(label)
        told: dict[str, float] = {}
        for family in families:
            index = self.index.get(family, {})
            names = [name for name in features[family] if name in index]
            known = [index[name] for name in names]
            if known:
                shares = self._scaled(self.rarity[known], family) * self.weights[known, column]
                told.update(zip(names, shares.tolist(), strict=True))
        return sorted((n for n in told if told[n] > 0), key=lambda n: -told[n])[:most]

    def _scaled(self, rarity: Array, family: str) -> Array:
        weight = np.float32(np.sqrt(self.families[family]))
        if family in self.unscaled:
            return np.full(len(rarity), weight, np.float32)
        values: Array = rarity * (weight / np.float32(np.sqrt(rarity @ rarity)))
        return values
