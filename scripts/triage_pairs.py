"""Train the pairs of the triage engine: which messages of a day tell of one event."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from madoguchi.services.disaster.data import Grouped, Message, Reading
from madoguchi.services.disaster.engine import group, profile
from madoguchi.services.disaster.engine.features import Features
from madoguchi.services.disaster.engine.pairs import Pairs, relations
from madoguchi.services.disaster.engine.profile import Profile, Profiles

DAMPING = 100.0
STEPS = 6
LARGEST = 15.0
SKIPPED = 2  # of so many pairs of two events one is taken
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)

Array = NDArray[np.float64]
Small = NDArray[np.float32]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """All pairs of messages that may be of one event: ``later`` and ``earlier`` message of each.

    Sorted by the time of the later message; ``same``: whether they are of one event.
    """

    table: Small
    same: NDArray[np.bool_]
    later: NDArray[np.intp]
    earlier: NDArray[np.intp]


class Unseen(Profiles):
    """Profiles whose topics are those of models that have not seen the day."""

    def __init__(self, known: Profiles, messages: Sequence[Message], topics: Array) -> None:
        self._made_of: dict[str, Profile] = {
            message.text: replace(known.of(message.text), topics=row)
            for message, row in zip(messages, topics.astype(np.float32), strict=True)
        }
        self.rarity = known.rarity
        self.of = self._made_of.__getitem__


def rarity(words: Sequence[Features]) -> Small:
    """How rare a name of each bucket is, from the features of all texts."""
    counts: Counter[int] = Counter()
    for found in words:
        for family in profile.FAMILIES:
            counts.update(profile.buckets(found, family).tolist())
    seen = np.zeros(profile.BUCKETS)
    seen[list(counts)] = list(counts.values())
    return np.log(len(words) / np.maximum(seen, 1)).astype(np.float32)


def train(
    rows: Sequence[Row],
    messages: Sequence[Message],
    readings: Sequence[Reading],
    parts: Sequence[Any],
    profiles: Profiles,
    topics: Array,
) -> Pairs:
    """Pairs trained on all days; their threshold is the best on days that were not seen."""
    items = [Grouped(m, r, m.id) for m, r in zip(messages, readings, strict=True)]
    told = _pairs(rows, items, Unseen(profiles, messages, topics))
    chances = np.zeros(len(told.same))
    for _, unseen in parts:
        left_out = np.isin(told.later, unseen)
        chances[left_out] = _chances(fit(profiles, told, ~left_out), told.table[left_out])
    figures = {at: f1_of_groups(rows, _groups(rows, told, chances, at)) for at in THRESHOLDS}
    best = max(figures, key=figures.__getitem__)
    print(f"  pairwise F1 of groups {figures[best]:.3f} at {best}", flush=True)
    return replace(fit(profiles, told, np.ones(len(told.same), bool)), threshold=best)


def _pairs(rows: Sequence[Row], items: Sequence[Grouped], profiles: Profiles) -> Told:
    """Pairs of a day; days in which nothing is told twice teach nothing."""
    days: dict[str, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        days[_day(row)].append(n)
    tables, same, later, earlier = [], [], [], []
    for day in days.values():
        if all(rows[n]["duplicate_group"] is None for n in day):
            continue
        day.sort(key=lambda n: (items[n].message.sent_at, n))
        for place, n in enumerate(day):
            near = [o for o in day[:place] if group.within_reach(items[n], items[o])]
            if not near:
                continue
            related, found = relations(items[n], [items[o] for o in near], profiles)
            if not related:
                continue
            known = [near[k] for k in related]
            tables.append(found.astype(np.float32))
            mine = rows[n]["duplicate_group"]
            same += [mine is not None and rows[o]["duplicate_group"] == mine for o in known]
            later += [n] * len(known)
            earlier += known
    return Told(np.vstack(tables), np.array(same), np.array(later), np.array(earlier))


def _day(row: Row) -> str:
    return str(row["id"].rsplit("-", 1)[0])


def fit(profiles: Profiles, told: Told, rows: NDArray[np.bool_]) -> Pairs:
    """Logistic regression with a ridge on all but the constant, by Newton's method."""
    taken = rows & (told.same | (np.arange(len(rows)) % SKIPPED == 0))
    table, same = told.table[taken], told.same[taken]
    mean, scale = table.mean(0, dtype=np.float64), table.std(0, dtype=np.float64) + 1e-6
    x = np.hstack([(table - mean) / scale, np.ones((len(table), 1))]).astype(np.float32)
    ridge = np.full(x.shape[1], DAMPING)
    ridge[-1] = 0.0
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        score = np.clip(x @ weights.astype(np.float32), -LARGEST, LARGEST)
        chance = 1 / (1 + np.exp(-score))
        spread = chance * (1 - chance)
        bend = ((x * spread[:, None]).T @ x).astype(np.float64) + np.diag(ridge)
        weights += np.linalg.solve(bend, x.T @ (same - chance) - ridge * weights)
    # Only some of the pairs of two events were taken: their odds are put right.
    bias = float(weights[-1] - np.log(SKIPPED))
    return Pairs(profiles, mean, scale, weights[:-1], bias, 0.5)


def _chances(model: Pairs, table: Small) -> Array:
    score = ((table - model.mean) / model.scale) @ model.weights + model.bias
    return np.asarray(1 / (1 + np.exp(-score)))


def _groups(rows: Sequence[Row], told: Told, chances: Array, threshold: float) -> dict[str, str]:
    """The group of every message, taken in the order of time as the engine does."""
    found = [str(row["id"]) for row in rows]
    starts = np.flatnonzero(np.diff(told.later, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(told.later)], strict=True):
        known = told.earlier[start:end].tolist()
        best, chance = group.surest([found[o] for o in known], chances[start:end].tolist())
        if chance >= threshold:
            found[told.later[start]] = best
    return {str(row["id"]): name for row, name in zip(rows, found, strict=True)}


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
