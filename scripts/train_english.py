"""Train linear models of English messages, and see what they add to the rules.

    python scripts/train_english.py

Prints, over our own English messages and leaving one scene out, how well categories are read by the
rules alone, by a model alone and by both, and writes nothing: the rules alone are what the house
uses (docs/decisions/0017). ``train`` is also what ``benchmarks/english.py`` measures.

The model: one against all, squared hinge loss with an L2 penalty (a linear SVM; Fan et al.,
LIBLINEAR, JMLR 9, 2008), classes weighted by their rarity, solved by L-BFGS.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray

from madoguchi.services.disaster.data import Category
from madoguchi.services.disaster.engine.english import features, judge, tokens
from madoguchi.services.disaster.engine.features import Features
from madoguchi.services.disaster.engine.linear import Linear

OWN = Path(__file__).resolve().parent.parent / "datasets" / "english-messages" / "train.jsonl"
RARE = 2  # a feature of fewer messages is not learned
COST = 0.15
STEPS = 60

Matrix = NDArray[np.float64]


def train(
    found: Sequence[Features],
    truth: Matrix,
    labels: Sequence[str],
    *,
    families: dict[str, float] = features.FAMILIES,
    cost: float = COST,
    balanced: bool = True,
) -> Linear:
    """A model of messages by their features; ``truth``: messages x labels, 1.0 where one holds."""
    space = _space(found, labels, families)
    rows = matrix(space, found)
    weights = np.empty((rows.shape[1], len(labels)), np.float32)
    bias = np.empty(len(labels), np.float32)
    for column in range(len(labels)):
        sign = np.where(truth[:, column] > 0, 1.0, -1.0)
        costs = np.full(len(sign), cost)
        if balanced:
            positive = max(1.0, float((sign > 0).sum()))
            costs[sign > 0] *= len(sign) / len(labels) / positive
            costs[sign < 0] *= len(sign) * (1 - 1 / len(labels)) / max(1.0, len(sign) - positive)
        solved = _svm(rows, sign, costs)
        weights[:, column], bias[column] = solved[:-1], solved[-1]
    return Linear(
        space.labels,
        space.families,
        space.unscaled,
        space.index,
        space.rarity,
        weights,
        bias,
        dict.fromkeys(labels, 0.0),
    )


def matrix(model: Linear, found: Iterable[Features]) -> scipy.sparse.csr_matrix:
    """Messages x features in the space of a model."""
    rows = [model.row(item) for item in found]
    starts = np.cumsum([0, *(len(indices) for indices, _ in rows)])
    values = np.concatenate([v for _, v in rows]) if rows else np.zeros(0)
    indices = np.concatenate([i for i, _ in rows]) if rows else np.zeros(0, np.int32)
    shape = (len(rows), len(model.rarity))
    return scipy.sparse.csr_matrix((values.astype(np.float64), indices, starts), shape)


def scores(model: Linear, found: Iterable[Features]) -> Matrix:
    """Messages x labels."""
    return np.asarray(matrix(model, found) @ model.weights + model.bias, np.float64)


def _space(found: Sequence[Features], labels: Sequence[str], families: dict[str, float]) -> Linear:
    """A model without weights: which features are known, and how rare they are."""
    index: dict[str, dict[str, int]] = {}
    rarity: list[float] = []
    for family in families:
        counts = Counter(name for item in found for name in item.get(family, ()))
        index[family] = {}
        for name, count in counts.items():
            if count >= RARE:
                index[family][name] = len(rarity)
                rarity.append(1 + np.log((1 + len(found)) / (1 + count)))
    empty = np.zeros((len(rarity), len(labels)), np.float32)
    return Linear(
        tuple(labels),
        families,
        features.UNSCALED,
        index,
        np.array(rarity, np.float32),
        empty,
        empty[0] if len(rarity) else np.zeros(len(labels), np.float32),
        {},
    )


def _svm(rows: scipy.sparse.csr_matrix, sign: Matrix, costs: Matrix) -> Matrix:
    """Weights and, last, the bias of one label."""
    columns = rows.T.tocsr()

    def loss(solved: Matrix) -> tuple[float, Matrix]:
        weights, bias = solved[:-1], solved[-1]
        gap = np.maximum(0.0, 1.0 - sign * (rows @ weights + bias))
        push = -2.0 * costs * gap * sign
        slope = np.append(weights + columns @ push, bias + push.sum())
        return 0.5 * float(solved @ solved) + float(costs @ (gap * gap)), slope

    start = np.zeros(rows.shape[1] + 1)
    found = scipy.optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    )
    return np.asarray(found.x, np.float64)


def main() -> int:
    """What a model adds to the rules on our own messages."""
    rows = [json.loads(line) for line in OWN.read_text("utf-8").splitlines()]
    judged = [judge.judge(tokens.plain(row["text"])) for row in rows]
    labels = [category.value for category in Category]
    truth = np.array([[label in row["categories"] for label in labels] for row in rows], float)
    ruled = [{c.value for c in item.categories} for item in judged]
    words = [features.of_text(row["text"]) for row in rows]
    both = [
        {**found, "rule": [f"cue {cue.name}" for cue in item.found] + sorted(said)}
        for found, item, said in zip(words, judged, ruled, strict=True)
    ]
    scenes = [row["id"].rsplit("-", 1)[0] for row in rows]
    print(f"{len(rows)} messages of {len(set(scenes))} scenes, one scene left out")
    print(f"  rules alone      {_macro_f1(truth, ruled, labels):.3f}")
    print(
        f"  model alone      {_macro_f1(truth, _unseen(words, truth, labels, scenes), labels):.3f}"
    )
    print(
        f"  model and rules  {_macro_f1(truth, _unseen(both, truth, labels, scenes), labels):.3f}"
    )
    return 0


def _unseen(
    found: Sequence[Features], truth: Matrix, labels: Sequence[str], scenes: Sequence[str]
) -> list[set[str]]:
    """The labels of each message by a model that has not seen its scene."""
    said: list[set[str]] = [set() for _ in found]
    for scene in sorted(set(scenes)):
        seen = [i for i, name in enumerate(scenes) if name != scene]
        model = train([found[i] for i in seen], truth[seen], labels, cost=10.0)
        unseen = [i for i, name in enumerate(scenes) if name == scene]
        for i, row in zip(unseen, scores(model, [found[i] for i in unseen]), strict=True):
            told = {label for label, score in zip(labels, row, strict=True) if score >= 0}
            said[i] = told or {labels[int(row.argmax())]}
    return said


def _macro_f1(truth: Matrix, said: Sequence[set[str]], labels: Sequence[str]) -> float:
    told = np.array([[label in held for label in labels] for held in said], float)
    hits = (truth * told).sum(0)
    each = 2 * hits / np.maximum(truth.sum(0) + told.sum(0), 1)
    return float(each[truth.sum(0) > 0].mean())


if __name__ == "__main__":
    raise SystemExit(main())
