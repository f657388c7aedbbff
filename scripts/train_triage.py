"""Train the model of the triage engine on the training part of the open set.

    python scripts/train_triage.py [--parts] [--out FILE.npz]

Prints how well messages of a day are read by a model that has not seen that day (cross-validation
over days), family by family, and writes the model trained on all days. Thresholds are chosen on
those unseen readings. The frozen test part is never opened here; measure on it with
``benchmarks/triage.py``.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse
from numpy.typing import NDArray

import triage_pairs
from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.data import Place, Point
from madoguchi.kernel.towns import pack
from madoguchi.services.disaster.data import Category, Message, Reading, Source, Urgency
from madoguchi.services.disaster.engine import features, learned, read, seeing, sure, text
from madoguchi.services.disaster.engine.features import Features
from madoguchi.services.disaster.engine.learned import Verdict
from madoguchi.services.disaster.engine.linear import Linear
from madoguchi.services.disaster.engine.model import Model, dump
from madoguchi.services.disaster.engine.profile import Profiles
from madoguchi.services.disaster.engine.seeing import Seen

ROOT = Path(__file__).resolve().parent.parent
TRAIN = ROOT / "datasets" / "disaster-messages" / "train.jsonl"
OUT = ROOT / "src" / "madoguchi" / "services" / "disaster" / "model.npz"
FOLDS = 8
DAMPING = 0.5
RARE = 2  # a feature of fewer messages is not learned
KEPT = 40_000
SILENTLY_WRONG = 0.008  # share of all messages of unseen days

Row = dict[str, Any]
Matrix = NDArray[np.float64]
Kernel = NDArray[np.float32]


def load(path: Path) -> list[Row]:
    """The messages of a part."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def message_of(row: Row) -> Message:
    """A row as the engine takes it."""
    code = pack.by_name(row["town"]).code
    at = datetime.fromisoformat(row["sent_at"])
    return Message(row["id"], code, Source(row["channel"]), at, row["text"])


def truth(rows: Sequence[Row]) -> Matrix:
    """One column a label of ``learned.LABELS``, 1.0 where it holds."""
    table = [
        [
            *(category.value in row["categories"] for category in Category),
            *(row["urgency"] >= level for level in (1, 2, 3)),
            row["doubtful"],
        ]
        for row in rows
    ]
    return np.array(table, np.float64)


def folds(rows: Sequence[Row]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Parts of whole days: (seen, unseen) indices, days dealt out by size."""
    days = Counter(row["id"].rsplit("-", 1)[0] for row in rows)
    sizes = [0] * FOLDS
    fold_of = {}
    for day, count in sorted(days.items(), key=lambda item: (-item[1], item[0])):
        smallest = sizes.index(min(sizes))
        fold_of[day] = smallest
        sizes[smallest] += count
    of = np.array([fold_of[row["id"].rsplit("-", 1)[0]] for row in rows])
    return [(np.flatnonzero(of != n), np.flatnonzero(of == n)) for n in range(FOLDS)]


class Table:
    """Features of all messages as one sparse matrix whose columns carry family and name."""

    def __init__(
        self, seen: Sequence[Features], families: dict[str, float], unscaled: frozenset[str]
    ) -> None:
        counts: Counter[tuple[str, str]] = Counter()
        for one in seen:
            for family, names in one.items():
                counts.update((family, name) for name in names)
        self.names = sorted(name for name, count in counts.items() if count >= RARE)
        rarity = [np.log(len(seen) / counts[name]) for name in self.names]
        self.rarity = np.maximum(np.array(rarity, np.float32), 1e-3)
        index = nested(self.names)
        empty = np.zeros((len(self.names), 0), np.float32)
        none = np.zeros(0, np.float32)
        self.model = Linear((), families, unscaled, index, self.rarity, empty, none, {})
        self.matrix = self.rows(seen)

    def rows(self, seen: Sequence[Features]) -> scipy.sparse.csr_matrix:
        """Known features of messages, one row each."""
        rows, columns, values = [], [], []
        for number, one in enumerate(seen):
            found, value = self.model.row(one)
            rows += [number] * len(found)
            columns += found.tolist()
            values += value.tolist()
        return scipy.sparse.csr_matrix((values, (rows, columns)), (len(seen), len(self.names)))

    def kernel(self, families: Sequence[str]) -> Kernel:
        """Likeness of any two messages by the given families."""
        chosen = [i for i, name in enumerate(self.names) if name[0] in families]
        part = self.matrix[:, chosen]
        return np.asarray((part @ part.T).todense(), np.float32)


def nested(names: Sequence[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Family and name of every feature to its row."""
    index: dict[str, dict[str, int]] = {}
    for row, (family, name) in enumerate(names):
        index.setdefault(family, {})[name] = row
    return index


def inverse_of(kernel: Kernel) -> Kernel:
    """Inverse of the damped kernel; all models and readings of unseen days follow from it."""
    damped = kernel + DAMPING * np.eye(len(kernel), dtype=np.float32)
    factor = scipy.linalg.cholesky(damped, lower=True, overwrite_a=True, check_finite=False)
    inverse, failed = scipy.linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    assert not failed
    lower = np.tril(inverse)
    return np.asarray(lower + np.tril(lower, -1).T)


def unseen_scores(inverse: Kernel, labels: Matrix, parts: Sequence[Any]) -> Matrix:
    """Scores of every message by a model that has not seen its day.

    What a ridge regression without some rows says of them, from the inverse for all rows (leaving
    out a block: the block's residuals are its part of the dual over its part of the inverse).
    """
    dual = inverse @ (labels - labels.mean(0)).astype(np.float32)
    scores = np.zeros(labels.shape)
    for _, unseen in parts:
        block = inverse[np.ix_(unseen, unseen)].astype(np.float64)
        scores[unseen] = labels[unseen] - np.linalg.solve(block, dual[unseen])
    return scores


def unseen_topics(
    table: Table,
    inverse: Kernel,
    scores: Matrix,
    labels: Matrix,
    plain: Matrix,
    parts: Sequence[Any],
) -> Matrix:
    """Scores, without the mean, of other features of every message by models of other days.

    ``scores``: those of ``unseen_scores``; ``plain``: the other features, one sparse row a message.
    """
    topics = np.zeros(labels.shape)
    for _, unseen in parts:
        told = labels.copy()
        told[unseen] = scores[unseen]  # a model that foretells them has learned nothing from them
        dual = inverse @ (told - labels.mean(0)).astype(np.float32)
        topics[unseen] = plain[unseen] @ (table.matrix.T @ dual)
    return topics


def best_threshold(holds: NDArray[np.bool_], scores: Matrix) -> tuple[float, float]:
    """(F1, threshold) of one label where F1 is best."""
    order = np.argsort(-scores)
    right = np.cumsum(holds[order])
    f1 = 2 * right / (np.arange(1, len(holds) + 1) + holds.sum())
    best = int(f1.argmax())
    return float(f1[best]), float(scores[order][best])


def thresholds(labels: Matrix, scores: Matrix) -> dict[str, float]:
    """Where each label is said to hold: best F1; for danger and doubt as ``learned`` asks."""
    chosen = {}
    for column, label in enumerate(learned.LABELS):
        holds, said = labels[:, column] > 0, scores[:, column]
        if label == learned.LIFE:
            chosen[label] = float(np.quantile(said[holds], 1 - learned.LIFE_RECALL))
        elif label == learned.DOUBTFUL:
            chosen[label] = float(np.quantile(said[~holds], 1 - learned.FALSE_DOUBT))
        else:
            chosen[label] = best_threshold(holds, said)[1]
    return chosen


def report(name: str, labels: Matrix, scores: Matrix) -> None:
    """One line of figures."""
    f1 = [best_threshold(labels[:, n] > 0, scores[:, n])[0] for n in range(len(Category))]
    at = thresholds(labels, scores)
    column = learned.LABELS.index(learned.LIFE)
    said = scores[:, column] >= at[learned.LIFE]
    precision = labels[said, column].mean()
    column = learned.LABELS.index(learned.DOUBTFUL)
    found = (scores[:, column] >= at[learned.DOUBTFUL])[labels[:, column] > 0].mean()
    print(
        f"  {name:<34} macro-F1 {np.mean(f1):.3f}"
        f"  urgency 3: precision {precision:.3f} at recall {learned.LIFE_RECALL}"
        f"  doubtful: recall {found:.3f} at {learned.FALSE_DOUBT} false",
        flush=True,
    )


def fit(
    table: Table,
    inverse: Kernel,
    labels: Matrix,
    names: tuple[str, ...],
    at: dict[str, float],
) -> Linear:
    """The model of all messages; features that weigh next to nothing are left out."""
    mean = labels.mean(0)
    dual = inverse @ (labels - mean).astype(np.float32)
    weights = np.asarray(table.matrix.T @ dual, np.float32)
    strength = np.abs(weights).max(1) * table.rarity
    kept = np.sort(np.argsort(-strength)[:KEPT])
    return Linear(
        names,
        table.model.families,
        table.model.unscaled,
        nested([table.names[old] for old in kept]),
        table.rarity[kept],
        weights[kept],
        np.asarray(mean, np.float32),
        at,
    )


def main() -> int:
    """Measure on unseen days, then train on all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--parts", action="store_true", help="show what each part adds (slower)")
    asked = parser.parse_args()
    rows, gazetteer = load(TRAIN), places.gazetteer()
    messages = [message_of(row) for row in rows]
    seen = [seeing.see(message, gazetteer) for message in messages]
    labels, parts = truth(rows), folds(rows)
    table = Table([one.features for one in seen], features.FAMILIES, features.UNSCALED)
    print(f"{len(rows)} messages, {len(table.names)} features, unseen days:")
    if asked.parts:
        report_families(table, labels, parts)
    inverse = inverse_of(table.kernel(list(features.FAMILIES)))
    scores = unseen_scores(inverse, labels, parts)
    report("all", labels, scores)
    at = thresholds(labels, scores)
    text_model = fit(table, inverse, labels, learned.LABELS, at)
    verdicts = [
        learned.heard(learned.verdict(dict(zip(learned.LABELS, row, strict=True)), at), one.judged)
        for row, one in zip(scores.tolist(), seen, strict=True)
    ]
    surely, right = train_sure(rows, messages, seen, verdicts, parts)
    readings = [
        read.conclude(message, one, verdict, right=trusted)
        for message, one, verdict, trusted in zip(messages, seen, verdicts, right, strict=True)
    ]
    report_places(rows, readings)
    words = [features.of_text(text.plain(message.text)) for message in messages]
    topics = unseen_topics(table, inverse, scores, labels, table.rows(words), parts)
    profiles = Profiles(text_model, triage_pairs.rarity(words))
    pairs = triage_pairs.train(rows, messages, readings, parts, profiles, topics)
    trained_on = hashlib.sha256(TRAIN.read_bytes()).hexdigest()
    asked.out.write_bytes(dump(Model(text_model, surely, pairs, trained_on)))
    print(f"{asked.out.name}: {asked.out.stat().st_size / 1e6:.2f} MB")
    return 0


def report_families(table: Table, labels: Matrix, parts: Sequence[Any]) -> None:
    """What each part adds."""
    chars = [family for family in features.FAMILIES if family.startswith("char")]
    words = ["word", "words", "content"]
    for name, families in (
        ("rules alone, weighed", ["rule"]),
        ("characters", chars),
        ("words", words),
        ("characters and words", [*chars, *words]),
    ):
        report(name, labels, unseen_scores(inverse_of(table.kernel(families)), labels, parts))


def silently_wrong(row: Row, place: Place) -> bool:
    """Whether a point, if nobody is asked, would send somebody to the wrong place."""
    if place.point is None:
        return False
    if row["lat"] is None:
        return True
    away = places.distance_m(place.point, Point(row["lat"], row["lon"]))
    return away > max(1000, row["tolerance_m"])


def train_sure(
    rows: Sequence[Row],
    messages: Sequence[Message],
    seen: Sequence[Seen],
    verdicts: Sequence[Verdict],
    parts: Sequence[Any],
) -> tuple[Linear, list[bool]]:
    """The model of right places, and whether each message's place is trusted on unseen days."""
    placed = [
        n
        for n, one in enumerate(seen)
        if one.chosen.place.point is not None and verdicts[n].urgency is not Urgency.NOTHING
    ]
    right = np.array([[not silently_wrong(rows[n], seen[n].chosen.place)] for n in placed], float)
    table = Table(
        [sure.features(messages[n].text, seen[n].chosen, verdicts[n]) for n in placed],
        sure.FAMILIES,
        sure.UNSCALED,
    )
    where = {n: k for k, n in enumerate(placed)}
    inner = [
        ([where[n] for n in known if n in where], [where[n] for n in unseen if n in where])
        for known, unseen in parts
    ]
    inverse = inverse_of(table.kernel(list(sure.FAMILIES)))
    scores = unseen_scores(inverse, right, inner)[:, 0]
    wrong = np.sort(scores[right[:, 0] == 0])[::-1]
    allowed = int(SILENTLY_WRONG * len(rows))
    threshold = float(wrong[allowed]) + 1e-6 if allowed < len(wrong) else 0.0
    trusted = [True] * len(rows)
    for n, score in zip(placed, scores, strict=True):
        trusted[n] = bool(score >= threshold)
    return fit(table, inverse, right, (sure.RIGHT,), {sure.RIGHT: threshold}), trusted


def report_places(rows: Sequence[Row], readings: Sequence[Reading]) -> None:
    """Places of messages of unseen days."""
    pairs = list(zip(rows, readings, strict=True))
    wrong = [not found.ask_back and silently_wrong(row, found.place) for row, found in pairs]
    pointed = [(row, found) for row, found in pairs if row["lat"] is not None]
    placed = [within_tolerance(row, found.place) for row, found in pointed]
    helped = [ok or found.ask_back for ok, (_, found) in zip(placed, pointed, strict=True)]
    acting = [found for found in readings if found.urgency is not Urgency.NOTHING]
    asked = sum(found.ask_back for found in acting) / len(acting)
    print(
        f"  placed {np.mean(placed):.3f}, placed or asked {np.mean(helped):.3f} of those pointed;"
        f" silently wrong {np.mean(wrong):.4f} of all; asked {asked:.3f} of what needs acting",
        flush=True,
    )


def within_tolerance(row: Row, place: Place) -> bool:
    """Whether a point is the labelled one."""
    if place.point is None:
        return False
    away = places.distance_m(place.point, Point(row["lat"], row["lon"]))
    return away <= row["tolerance_m"]


if __name__ == "__main__":
    raise SystemExit(main())
