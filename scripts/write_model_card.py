"""Measure the shipped model and write what the staff page shows of it (``card.json``).

    python scripts/write_model_card.py [--date YYYY-MM-DD] [FILE.jsonl] [--out FILE.json]

Without a file: the frozen test part of the open set. Run it once for a model that ships, after
``scripts/train_triage.py``; to tune by it would spoil the figures.
"""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

import train_triage
from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.data import Accuracy, Place, Point
from madoguchi.services.disaster import drill_sheets, trained
from madoguchi.services.disaster.data import Category, Grouped, Urgency
from madoguchi.services.disaster.engine import scoring
from madoguchi.services.disaster.engine.scoring import Example, Said, Truth
from madoguchi.services.disaster.engine.stream import Stream

TEST = train_triage.ROOT / "datasets" / "disaster-messages" / "test.jsonl"
OUT = train_triage.OUT.with_name("card.json")
ACCURACY = {250: Accuracy.FACILITY, 500: Accuracy.BLOCK, 1500: Accuracy.DISTRICT}
PARTS = {
    "言葉の規則だけ（重みは学習）": 0.553,
    "文字の並びだけ": 0.681,
    "単語だけ": 0.687,
    "文字の並びと単語": 0.699,
    "すべて（規則・文字・単語）": 0.719,
}
"""Macro-F1 on unseen days of the first 1,916 messages (docs/decisions/0016)."""


def main() -> int:
    """Read, measure, write."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("file", nargs="?", type=Path, default=TEST)
    wanted.add_argument("--date", type=date.fromisoformat, default=datetime.now(UTC).date())
    wanted.add_argument("--out", type=Path, default=OUT)
    given = wanted.parse_args()
    rows = train_triage.load(given.file)
    model = trained.model()
    read = Stream(places.gazetteer(), model).run([train_triage.message_of(row) for row in rows])
    pairs = [(row, read[row["id"]]) for row in rows]
    card = {
        "made_on": given.date.isoformat(),
        "trained_on": model.trained_on,
        "trained_messages": len(train_triage.load(train_triage.TRAIN)),
        "tested_messages": len(rows),
        "figures": {name: asdict(figure) for name, figure in figures(pairs)},
        "parts": PARTS,
    }
    given.out.write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for name, figure in figures(pairs):
        print(f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}] of {figure.count}  {name}")
    return 0


def figures(pairs: list[tuple[dict[str, Any], Grouped]]) -> list[tuple[str, scoring.Figure]]:
    """What the staff page measures, and the doubt."""
    scores = scoring.score([example(*pair) for pair in pairs], np.random.default_rng(1))
    doubted = [(row["doubtful"], item.reading.doubtful) for row, item in pairs]
    meant, true = ([said for told, said in doubted if told is kind] for kind in (True, False))
    return [
        *drill_sheets.figures(scores),
        ("真偽の疑わしい文のうち、「要確認」としたもの", scoring.share(sum(meant), len(meant))),
        ("疑わしくない文のうち、「要確認」としたもの", scoring.share(sum(true), len(true))),
    ]


def example(row: dict[str, Any], item: Grouped) -> Example:
    """A message of the open set beside its reading."""
    reading = item.reading
    place = None
    if row["lat"] is not None:
        accuracy = ACCURACY[row["tolerance_m"]]
        place = Place(Point(row["lat"], row["lon"]), accuracy, row["tolerance_m"], "", "")
    said = Said(
        reading.urgency, frozenset(reading.categories), reading.place.point, reading.ask_back
    )
    categories = frozenset(Category(name) for name in row["categories"])
    truth = Truth(Urgency(row["urgency"]), categories, place, place_known=True)
    return Example(row["id"], row["text"], said, truth)


if __name__ == "__main__":
    sys.exit(main())
