"""The open set of disaster messages: whole, labelled by its rules, and what its source gives."""

import csv
import json
import math
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
SET = ROOT / "datasets" / "disaster-messages"


def part(name: str) -> list[dict[str, Any]]:
    """The messages of one part."""
    return [json.loads(line) for line in (SET / name).read_text(encoding="utf-8").splitlines()]


TEST, TRAIN = part("test.jsonl"), part("train.jsonl")
MESSAGES = TEST + TRAIN
TOLERANCE_M = {"facility": 250, "station": 250, "chome": 500, "address": 500, "area": 1500}
MOST_SHARED = 0.60
SHORT = 12  # 4-grams; below this a part shared with a longer text says nothing


def four_grams(text: str) -> frozenset[str]:
    """Character 4-grams of a text without its white space."""
    plain = "".join(text.split())
    return frozenset(plain[i : i + 4] for i in range(len(plain) - 3))


def shared(both: int, a: int, b: int) -> float:
    """The larger of Jaccard and, when both are long enough, containment of the smaller.

    ``a`` and ``b`` are how many 4-grams the texts have, ``both`` how many they have in common.
    """
    smaller = min(a, b)
    return max(both / (a + b - both), both / smaller if smaller >= SHORT else 0.0)


def test_it_is_what_its_source_gives() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "dataset_places.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_line_keeps_the_schema() -> None:
    schema = json.loads((SET / "schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    for message in MESSAGES:
        assert [e.message for e in validator.iter_errors(message)] == [], message["id"]


def test_ids_and_texts_stand_once() -> None:
    for field in ("id", "text"):
        assert [v for v, n in Counter(m[field] for m in MESSAGES).items() if n > 1] == []


def test_it_is_large_and_varied_enough() -> None:
    with (ROOT / "packs" / "index.csv").open(encoding="utf-8", newline="") as handle:
        served = {row["name"] for row in csv.DictReader(handle) if row["served"] == "true"}
    towns = {m["town"] for m in MESSAGES}
    assert len(MESSAGES) >= 2_400
    assert len(TEST) >= 520
    assert sum(m["urgency"] == 3 for m in TEST) >= 110
    assert sum(m["doubtful"] for m in TEST) >= 65
    assert len(towns) >= 12
    assert towns <= served
    assert len({m["day"] for m in MESSAGES}) >= 8
    assert {m["channel"] for m in MESSAGES} == {"line", "sns", "phone", "web"}
    assert {c for m in MESSAGES for c in m["categories"]} == {
        *("rescue", "injury", "fire", "flood", "landslide", "building", "road", "lifeline"),
        *("shelter", "supplies", "missing", "question", "irrelevant"),
    }


def test_no_day_and_no_event_stands_in_both_parts() -> None:
    days = [{(m["town"], m["sent_at"][:10]) for m in messages} for messages in (TEST, TRAIN)]
    assert days[0] & days[1] == set()
    groups = [{m["duplicate_group"] for m in messages} - {None} for messages in (TEST, TRAIN)]
    assert groups[0] & groups[1] == set()


def test_labels_agree_with_each_other() -> None:
    for message in MESSAGES:
        categories, urgency = message["categories"], message["urgency"]
        if "irrelevant" in categories:
            assert categories == ["irrelevant"], message["id"]
            assert urgency == 0, message["id"]
        if urgency == 0:
            assert categories in (["irrelevant"], ["question"]), message["id"]
        if message["doubtful"]:
            assert urgency in {0, 1, 3}, message["id"]


def test_place_and_point_agree() -> None:
    for message in MESSAGES:
        kind, place = message["place_kind"], message["place_text"]
        assert (place is None) == (kind == "none"), message["id"]
        assert place is None or place in message["text"], message["id"]
        point = (message["lat"], message["lon"], message["tolerance_m"])
        if kind in {"river", "intersection", "none"} or message["lat"] is None:
            assert point == (None, None, None), message["id"]
        else:
            assert message["tolerance_m"] == TOLERANCE_M[kind], message["id"]


def test_points_lie_in_the_town_that_receives() -> None:
    bounds = {}
    for file in (ROOT / "packs").glob("*/pack.json"):
        pack = json.loads(file.read_text(encoding="utf-8"))
        bounds[pack["name"]] = pack["bounds"]
    margin = 0.03
    for message in MESSAGES:
        if message["lat"] is not None:
            west, south, east, north = bounds[message["town"]]
            assert west - margin <= message["lon"] <= east + margin, message["id"]
            assert south - margin <= message["lat"] <= north + margin, message["id"]


def test_a_true_message_with_a_block_has_its_point() -> None:
    pointless = [
        m["id"]
        for m in MESSAGES
        if m["place_kind"] in {"address", "chome", "station"} and m["lat"] is None
    ]
    doubtful = {m["id"] for m in MESSAGES if m["doubtful"]}
    assert set(pointless) <= doubtful


def test_a_group_is_one_event_of_one_day_in_one_town() -> None:
    groups = defaultdict(list)
    for message in MESSAGES:
        if message["duplicate_group"]:
            groups[message["duplicate_group"]].append(message)
    assert len(groups) >= 30
    for name, members in groups.items():
        assert 2 <= len(members) <= 8, name
        assert len({m["town"] for m in members}) == 1, name
        assert len({m["doubtful"] for m in members}) == 1, name
        times = [datetime.fromisoformat(m["sent_at"]) for m in members]
        assert len({t.date() for t in times}) == 1, name
        points = [(m["lat"], m["lon"]) for m in members if m["lat"] is not None]
        for (lat, lon), (lat2, lon2) in combinations(points, 2):
            width = math.cos(math.radians(lat))
            assert 111_195 * math.hypot(lat2 - lat, (lon2 - lon) * width) <= 3000, name


def test_no_two_messages_are_variants_of_one_template() -> None:
    grams = [four_grams(m["text"]) for m in MESSAGES]
    holders: dict[str, list[int]] = defaultdict(list)
    too_close = []
    for index, message in enumerate(MESSAGES):
        common = Counter(earlier for gram in grams[index] for earlier in holders[gram])
        for earlier, both in common.items():
            group = message["duplicate_group"]
            if group and group == MESSAGES[earlier]["duplicate_group"]:
                continue
            if shared(both, len(grams[index]), len(grams[earlier])) > MOST_SHARED:
                too_close.append((MESSAGES[earlier]["id"], message["id"]))
        for gram in grams[index]:
            holders[gram].append(index)
    assert too_close == []
