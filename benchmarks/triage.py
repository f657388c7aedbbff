"""Triage on labelled messages: how well they are read, placed and grouped, beside keywords alone.

    python benchmarks/triage.py [FILE.jsonl ...]

Without a file: the test part of the open set in datasets/. Intervals are 95 % by bootstrap over
messages (200 draws, fixed seed).
"""

import json
import math
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from madoguchi.kernel.places import api as places
from madoguchi.kernel.towns import pack
from madoguchi.services.disaster import trained
from madoguchi.services.disaster.data import Grouped, Message, Source
from madoguchi.services.disaster.engine import read
from madoguchi.services.disaster.engine.stream import Stream

TEST = Path(__file__).parent.parent / "datasets" / "disaster-messages" / "test.jsonl"
KEYWORDS = {
    "rescue": "助けて 救助 閉じ込め 取り残され 孤立",
    "injury": "けが 怪我 意識 血 薬",
    "fire": "火事 燃え 煙",
    "flood": "冠水 浸水 氾濫 あふれ 津波",
    "landslide": "土砂 崖 がけ 噴火",
    "building": "屋根 倒壊 ガラス 塀",
    "road": "通行止 通れ 倒木 陥没 電車",
    "lifeline": "停電 断水 ガス 圏外",
    "shelter": "避難所 避難",
    "supplies": "ミルク 毛布 物資 給水",
    "missing": "行方 連絡 無事",
    "question": "? ？ ですか ますか",
}
LIFE_WORDS = ("助けて", "救助", "閉じ込め", "取り残され", "意識", "火事", "燃え")
Row = dict[str, Any]


def main(paths: Sequence[str]) -> int:
    """Print every figure for each file."""
    for path in paths or [str(TEST)]:
        rows = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
        started = time.process_time()
        stream, messages = Stream(places.gazetteer(), trained.model()), [_message(r) for r in rows]
        read.read(messages[0], places.gazetteer(), trained.model())  # MeCab opens its dictionary
        opened = time.process_time()
        found = stream.run(messages)
        seconds = time.process_time() - opened
        print(f"{Path(path).name}: {len(rows)} messages, load {os.getloadavg()[0]:.1f}")
        print(f"  speed {len(rows) / seconds:.0f} messages/s of CPU (goal 500)", end="")
        print(f", after {opened - started:.1f} s to open names, words and model")
        _report(rows, [found[row["id"]] for row in rows])
    return 0


def _message(row: Row) -> Message:
    code = row["town"] if row["town"].isdigit() else pack.by_name(row["town"]).code
    sent_at = datetime.fromisoformat(row["sent_at"])
    return Message(row["id"], code, Source(row["channel"]), sent_at, row["text"])


def _report(rows: list[Row], found: list[Grouped]) -> None:
    pairs = list(zip(rows, found, strict=True))
    _line("urgency 3 recall (goal .95)", pairs, _urgent_recall)
    _line("urgency 3 precision (goal .60)", pairs, _urgent_precision)
    _line("macro-F1 of categories (goal .85)", pairs, _macro_f1)
    _line("urgency exact", pairs, lambda p: _share(r["urgency"] == g.reading.urgency for r, g in p))
    _line("placed or asked back, of those with a point (goal .97)", pairs, _placed_or_asked)
    _line("placed within tolerance (goal .75)", pairs, _placed)
    _line("silently wrong, of all (goal <= .01)", pairs, _silently_wrong)
    _line("doubtful recall (goal .80)", pairs, _doubt_recall)
    _line("true ones flagged (goal <= .02)", pairs, _doubt_false)
    print(f"  {'pairwise F1 of groups (goal .90)':<60}{_groups_f1(pairs):.3f}")
    print(f"  keywords alone: urgency 3 recall {_keyword_recall(rows):.3f}", end="")
    print(f", macro-F1 {_keyword_f1(rows):.3f}")


Pairs = Sequence[tuple[Row, Grouped]]


def _line(name: str, pairs: Pairs, figure: Callable[[Pairs], float]) -> None:
    dice = random.Random(1)
    draws = sorted(figure(dice.choices(pairs, k=len(pairs))) for _ in range(200))
    low, high = draws[5], draws[-6]
    print(f"  {name:<60}{figure(pairs):.3f}  [{low:.3f}, {high:.3f}]")


def _share(hits: Any) -> float:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else math.nan


def _urgent_recall(pairs: Pairs) -> float:
    return _share(g.reading.urgency == 3 for r, g in pairs if r["urgency"] == 3)


def _urgent_precision(pairs: Pairs) -> float:
    return _share(r["urgency"] == 3 for r, g in pairs if g.reading.urgency == 3)


def _macro_f1(pairs: Pairs) -> float:
    return _f1_of_sets(
        [(set(r["categories"]), {c.value for c in g.reading.categories}) for r, g in pairs]
    )


def _f1_of_sets(sets: Sequence[tuple[set[str], set[str]]]) -> float:
    right, told, meant = Counter[str](), Counter[str](), Counter[str]()
    for true, said in sets:
        meant.update(true)
        told.update(said)
        right.update(true & said)
    scores = [2 * right[c] / (told[c] + meant[c]) for c in meant]
    return sum(scores) / len(scores)


def _away_m(row: Row, item: Grouped) -> float | None:
    point = item.reading.place.point
    if point is None or row["lat"] is None:
        return None
    return places.distance_m(point, places.Point(row["lat"], row["lon"]))


def _placed(pairs: Pairs) -> float:
    return _share(
        (away := _away_m(r, g)) is not None and away <= r["tolerance_m"]
        for r, g in pairs
        if r["lat"] is not None
    )


def _placed_or_asked(pairs: Pairs) -> float:
    return _share(
        g.reading.ask_back or ((away := _away_m(r, g)) is not None and away <= r["tolerance_m"])
        for r, g in pairs
        if r["lat"] is not None
    )


def _silently_wrong(pairs: Pairs) -> float:
    return _share(_is_silently_wrong(r, g) for r, g in pairs)


def _is_silently_wrong(row: Row, item: Grouped) -> bool:
    if item.reading.place.point is None or item.reading.ask_back:
        return False
    away = _away_m(row, item)
    return away is None or (away > 1000 and away > row["tolerance_m"])


def _doubt_recall(pairs: Pairs) -> float:
    return _share(g.reading.doubtful for r, g in pairs if r["doubtful"])


def _doubt_false(pairs: Pairs) -> float:
    return _share(g.reading.doubtful for r, g in pairs if not r["doubtful"])


def _groups_f1(pairs: Pairs) -> float:
    true = _same([r["duplicate_group"] for r, _ in pairs])
    said = _same([g.group for _, g in pairs])
    return 2 * len(true & said) / (len(true) + len(said)) if true or said else math.nan


def _same(names: Sequence[str | None]) -> set[tuple[int, int]]:
    members: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name is not None:
            members.setdefault(name, []).append(index)
    return {pair for group in members.values() for pair in combinations(group, 2)}


def _keyword_recall(rows: list[Row]) -> float:
    return _share(any(w in r["text"] for w in LIFE_WORDS) for r in rows if r["urgency"] == 3)


def _keyword_f1(rows: list[Row]) -> float:
    return _f1_of_sets([(set(row["categories"]), _by_keywords(row["text"])) for row in rows])


def _by_keywords(text: str) -> set[str]:
    hits = {c for c, words in KEYWORDS.items() if any(word in text for word in words.split())}
    return hits or {"irrelevant"}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
