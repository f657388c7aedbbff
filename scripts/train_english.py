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
from dataclasses import replace
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
) -> Linear:
    """A model of messages by their features; ``truth``: messages x labels, 1.0 where one holds."""
    space = space_of(found, labels, families)
    weights, bias = fit(matrix(space, found), truth, cost=cost)
    return replace(
        space,
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        thresholds=dict.fromkeys(labels, 0.0),
    )


def fit(
    rows: scipy.sparse.csr_matrix, truth: Matrix, *, cost: float = COST
) -> tuple[Matrix, Matrix]:
    """Weights (features x labels) and biases of messages x features; all labels at once.

    Each label's messages weigh together as much as if there were as many of every label.
    """
    count, labels = truth.shape
    size, columns = rows.shape[1], rows.T.tocsr()
    sign = np.where(truth > 0, 1.0, -1.0)
    positive = np.maximum(1.0, (truth > 0).sum(0))
    share = count / labels
    costs = cost * np.where(
        truth > 0, share / positive, (count - share) / np.maximum(1.0, count - positive)
    )

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        solved = flat.reshape(size + 1, labels)
        gap = np.maximum(0.0, 1.0 - sign * (rows @ solved[:-1] + solved[-1]))
        push = -2.0 * costs * gap * sign
        slope = solved + np.vstack([columns @ push, push.sum(0)])
        return 0.5 * float(flat @ flat) + float((costs * gap * gap).sum()), slope.ravel()

    start = np.zeros((size + 1) * labels)
    found = scipy.optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    )
    solved = np.asarray(found.x, np.float64).reshape(size + 1, labels)
    return solved[:-1], solved[-1]


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


def space_of(
    found: Sequence[Features], labels: Sequence[str], families: dict[str, float]
) -> Linear:
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
