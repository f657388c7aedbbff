"""Train the pairs of the triage engine: which messages of a day tell of one event."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from madoguchi.services.disaster.data import Grouped, Message, Reading
from madoguchi.services.disaster.engine import group
from madoguchi.services.disaster.engine.pairs import Pairs, relations

DAMPING = 100.0
STEPS = 6
LARGEST = 15.0
SKIPPED = 3  # of so many pairs of two events one is taken
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)

Array = NDArray[np.float64]
Row = dict[str, Any]


def train(
    rows: Sequence[Row],
    messages: Sequence[Message],
    readings: Sequence[Reading],
    parts: Sequence[Any],
) -> Pairs:
    """Pairs trained on all days; their threshold is the best on days that were not seen."""
    items = [Grouped(m, r, m.id) for m, r in zip(messages, readings, strict=True)]
    table, same, later = _pairs(rows, items)
    models = [fit(table[np.isin(later, known)], same[np.isin(later, known)]) for known, _ in parts]
    figures = {}
    for threshold in THRESHOLDS:
        said = [
            name
            for model, (_, unseen) in zip(models, parts, strict=True)
            for name in _groups([items[n] for n in unseen], _with(model, threshold)).items()
        ]
        figures[threshold] = f1_of_groups(rows, dict(said))
    best = max(figures, key=figures.__getitem__)
    print(f"  pairwise F1 of groups {figures[best]:.3f} at {best}", flush=True)
    return _with(fit(table, same), best)


def _pairs(
    rows: Sequence[Row], items: Sequence[Grouped]
) -> tuple[Array, NDArray[np.bool_], NDArray[np.intp]]:
    """Relations of pairs of a day, whether they are one event, and the later message of each."""
    days: dict[str, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        days[row["id"].rsplit("-", 1)[0]].append(n)
    tables, same, later = [], [], []
    for day in days.values():
        day.sort(key=lambda n: (items[n].message.sent_at, n))
        for place, n in enumerate(day[1:], 1):
            tables.append(relations(items[n], [items[o] for o in day[:place]]).astype(np.float32))
            mine = rows[n]["duplicate_group"]
            same += [mine is not None and rows[o]["duplicate_group"] == mine for o in day[:place]]
            later += [n] * place
    one_event = np.array(same)
    taken = one_event | (np.arange(len(one_event)) % SKIPPED == 0)
    return np.vstack(tables)[taken], one_event[taken], np.array(later)[taken]


def fit(table: Array, same: NDArray[np.bool_]) -> Pairs:
    """Logistic regression with a ridge on all but the constant, by Newton's method."""
    mean, scale = table.mean(0, dtype=np.float64), table.std(0, dtype=np.float64) + 1e-6
    x = np.hstack([(table - mean) / scale, np.ones((len(table), 1))]).astype(np.float32)
    ridge = np.full(x.shape[1], DAMPING)
    ridge[-1] = 0.0
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        score = np.clip(x @ weights, -LARGEST, LARGEST)
        chance = 1 / (1 + np.exp(-score))
        spread = (chance * (1 - chance)).astype(np.float32)
        bend = ((x * spread[:, None]).T @ x).astype(np.float64) + np.diag(ridge)
        weights += np.linalg.solve(bend, x.T @ (same - chance) - ridge * weights)
    # Only some of the pairs of two events were taken: their odds are put right.
    return Pairs(mean, scale, weights[:-1], float(weights[-1] - np.log(SKIPPED)), 0.5)


def _with(model: Pairs, threshold: float) -> Pairs:
    return Pairs(model.mean, model.scale, model.weights, model.bias, threshold)


def _groups(items: Sequence[Grouped], model: Pairs) -> dict[str, str]:
    """The group of every message of some days, taken in the order of time as the engine does."""
    taken: dict[str, list[Grouped]] = defaultdict(list)
    found = {}
    for item in sorted(items, key=lambda i: (i.message.sent_at, i.message.id)):
        day = item.message.id.rsplit("-", 1)[0]
        name, _ = group.match(item, taken[day], model, model.threshold)
        found[item.message.id] = name or item.message.id
        taken[day].append(Grouped(item.message, item.reading, found[item.message.id]))
    return found


def f1_of_groups(rows: Sequence[Row], said: dict[str, str]) -> float:
    """Pairwise F1 of the groups said against the labels."""
    true = _together({row["id"]: row["duplicate_group"] for row in rows})
    told = _together(said)
    return 2 * len(true & told) / (len(true) + len(told))


def _together(groups: dict[str, Any]) -> set[tuple[str, str]]:
    members = defaultdict(list)
    for name, of in sorted(groups.items()):
        if of is not None:
            members[of].append(name)
    return {pair for names in members.values() for pair in combinations(names, 2)}
