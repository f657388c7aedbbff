"""Build the parts of datasets/disaster-messages from their sources; look coordinates up in packs/.

A source line names its place by `place_ref`; no coordinate is ever typed. The reference is

- a town_area of packs/<code>/addresses.csv (address, chome, area) or a name or alias of
  places.csv and shelters.csv (facility, station, area);
- `NAME@PART` where two rows bear one name: PART is found in the row's kind, address or aliases;
- `CODE:NAME` for a place of another municipality than the receiving office;
- `!` for a place that does not exist, `?` for one of which the packs know no point of its own
  (such as a port placed in the middle of its oaza): no point.

Run: python scripts/dataset_places.py [--check]
"""

import argparse
import csv
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKS = ROOT / "packs"
SET = ROOT / "datasets" / "disaster-messages"
PARTS = ("test", "train")

TOLERANCE_M = {"facility": 250, "station": 250, "chome": 500, "address": 500, "area": 1500}
POINTLESS = {"river", "intersection", "none"}
OPEN, CLOSE = "〔", "〕"
SAME_SPOT_M = 250.0
COARSE_M = 500.0


class SourceError(ValueError):
    """A source line that cannot become a message; says which line and why."""


@dataclass(frozen=True, slots=True)
class Day:
    """One file of the source: the office that receives, the kind of day and its date."""

    stem: str
    code: str
    town: str
    kind: str
    date: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A row of a pack that may be referred to: its names, what tells it apart, its point."""

    names: tuple[str, ...]
    detail: str
    lat: float
    lon: float


def read_tsv(path: Path) -> list[dict[str, str]]:
    """Rows of a tab-separated file; quotes are ordinary characters."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_days(folder: Path) -> list[Day]:
    """The days of a part's days.tsv in their order."""
    return [Day(**row) for row in read_tsv(folder / "days.tsv")]


def read_pack(code: str, name: str) -> list[dict[str, str]]:
    """Rows of one csv of a pack; none when the pack has no such file."""
    path = PACKS / code / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def addresses(code: str) -> tuple[Spot, ...]:
    """Chome, oaza and koaza of a municipality."""
    return tuple(
        Spot((row["town_area"],), row["kind"], float(row["lat"]), float(row["lon"]))
        for row in read_pack(code, "addresses.csv")
        if row["town_area"]
    )


@cache
def places(code: str) -> tuple[Spot, ...]:
    """Named places and shelters whose point is their own, not the middle of their oaza."""
    named = [
        Spot(
            (row["name"], *filter(None, row["aliases"].split(";"))),
            f"{row['kind']} {row['address']} {row['aliases']}",
            float(row["lat"]),
            float(row["lon"]),
        )
        for row in read_pack(code, "places.csv")
        if row["lat"] and float(row["radius_m"] or 0) <= COARSE_M
    ]
    shelters = [
        Spot((row["name"],), row["address"], float(row["lat"]), float(row["lon"]))
        for row in read_pack(code, "shelters.csv")
        if row["lat"]
    ]
    return (*named, *shelters)


def metres(a: Spot, b: Spot) -> float:
    """Distance on a sphere, good to 0.5 % within one town."""
    width = math.cos(math.radians((a.lat + b.lat) / 2))
    return 111_195 * math.hypot(a.lat - b.lat, (a.lon - b.lon) * width)


def look_up(code: str, kind: str, ref: str) -> Spot:
    """The one spot that `ref` names; SourceError when none or several apart from each other."""
    if ":" in ref:
        code, ref = ref.split(":", 1)
    name, _, part = ref.partition("@")
    tables = [addresses(code)] if kind in {"address", "chome"} else [places(code)]
    if kind == "area":
        tables = [addresses(code), places(code)]
    for table in tables:
        found = [spot for spot in table if name in spot.names and part in spot.detail]
        if found:
            if any(metres(found[0], other) > SAME_SPOT_M for other in found[1:]):
                raise SourceError(f"{ref} ({code}) names places apart from each other")
            return found[0]
    raise SourceError(f"{ref} ({code}, {kind}) is in no pack")


def split_place(marked: str) -> tuple[str, str | None]:
    """The text without its marks, and the place that stood between them."""
    if OPEN not in marked:
        return marked, None
    head, rest = marked.split(OPEN, 1)
    place, tail = rest.split(CLOSE, 1)
    if OPEN in tail:
        raise SourceError("two places are marked")
    return head + place + tail, place


def point_of(day: Day, kind: str, ref: str) -> Spot | None:
    """The point of a message's place; None where LABELS.md gives the kind no point."""
    if kind in POINTLESS or ref in {"!", "?"}:
        return None
    if not ref:
        if kind != "area":
            raise SourceError(f"a {kind} needs a place_ref")
        return None
    return look_up(day.code, kind, ref)


def sent_at(day: Day, time: str) -> str:
    """ISO 8601 in Japan's zone from `HH:MM`."""
    return f"{day.date}T{time}:00+09:00"


def message(day: Day, number: int, row: dict[str, str]) -> dict[str, Any]:
    """One line of the set from one line of its source."""
    text, place = split_place(row["text"].replace("\\n", "\n"))
    kind = row["place_kind"]
    if (place is None) != (kind == "none"):
        raise SourceError("place_kind and the marked place do not agree")
    spot = point_of(day, kind, row["place_ref"])
    group = row["group"]
    return {
        "id": f"{day.stem}-{number:03d}",
        "day": day.kind,
        "town": day.town,
        "channel": row["channel"],
        "sent_at": sent_at(day, row["time"]),
        "text": text,
        "categories": row["categories"].split(","),
        "urgency": int(row["urgency"]),
        "place_text": place,
        "place_kind": kind,
        "lat": spot.lat if spot else None,
        "lon": spot.lon if spot else None,
        "tolerance_m": TOLERANCE_M[kind] if spot else None,
        "duplicate_group": f"{day.stem}-{group}" if group else None,
        "doubtful": row["doubtful"] == "yes",
    }


def messages(folder: Path) -> Iterator[dict[str, Any]]:
    """Every message of the source, in the order of days.tsv; errors name file and line."""
    for day in read_days(folder):
        for number, row in enumerate(read_tsv(folder / f"{day.stem}.tsv"), 1):
            try:
                yield message(day, number, row)
            except (SourceError, ValueError, KeyError, AttributeError) as error:
                raise SourceError(f"{day.stem}.tsv, line {number + 1}: {error}") from error


def build(folder: Path) -> str:
    """One whole part as text."""
    return "".join(json.dumps(m, ensure_ascii=False) + "\n" for m in messages(folder))


def main() -> int:
    """Write both parts; with --check say whether the committed ones are what the sources give."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    asked = parser.parse_args()
    try:
        texts = {part: build(SET / "source" / part) for part in PARTS}
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    same = True
    for part, text in texts.items():
        target = SET / f"{part}.jsonl"
        if asked.check:
            agrees = target.exists() and target.read_text(encoding="utf-8") == text
            print(f"{target.name} " + ("agrees" if agrees else "must be built again"))
            same = same and agrees
        else:
            target.write_text(text, encoding="utf-8")
            print(f"{target.name}: {text.count(chr(10))} messages")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
