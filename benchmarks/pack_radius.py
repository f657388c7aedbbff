"""Is the stated radius of the packs' town blocks true? ``python benchmarks/pack_radius.py``.

Measures the packs alone, without the places engine: of the Tokyo rows of the development benchmark
(position known to the house number) and of the packs' own shelter addresses, how many true points
lie inside the radius of the town block written in the address. The baseline is one radius for all
blocks: the smallest that holds as many points.
"""

import csv
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import acos, cos, radians, sin
from pathlib import Path
from statistics import median, quantiles

from madoguchi.kernel.towns.pack import Pack, UnknownTown, all_packs, by_name

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MADOGUCHI_SHARED", REPOSITORY.parent / "shared"))
DIGITS = "〇一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Seen:
    """One true point: metres from the block's point, the block's radius and kind."""

    away: float
    radius: int
    kind: str


def folded(name: str) -> str:
    return name.replace("ケ", "ヶ")


def areas(pack: Pack) -> dict[str, dict[str, str]]:
    return {folded(r["town_area"]): r for r in pack.rows("addresses.csv") if r["town_area"]}


def seen(area: dict[str, str], lat: float, lon: float) -> Seen:
    """Distance by the law of cosines for small angles, independent of the packs' builder."""
    a, b = radians(lat), radians(float(area["lat"]))
    turn = radians(lon - float(area["lon"]))
    cosine = min(1.0, sin(a) * sin(b) + cos(a) * cos(b) * cos(turn))
    return Seen(6_371_008.8 * acos(cosine), int(area["radius_m"]), area["kind"])


def benchmark_points() -> Iterator[Seen]:
    file = SHARED / "data" / "addresses" / "normalize_benchmark" / "addresses_dev.csv"
    known: dict[str, dict[str, dict[str, str]]] = {}
    with file.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["都道府県"] != "東京都" or row["レベル"] != "8":
                continue
            town = row["市区町村"]
            try:
                blocks = known.setdefault(town, areas(by_name(town)))
            except UnknownTown:
                continue
            lon, lat = (float(v) for v in row["緯度経度"].split(","))
            if area := blocks.get(folded(row["町字"])):
                yield seen(area, lat, lon)


def shelter_points() -> Iterator[Seen]:
    for pack in all_packs():
        blocks = {}
        for name, area in areas(pack).items():
            number = DIGITS.find(name[-3]) if name.endswith("丁目") else -1
            key = (
                name if number < 0 else re.sub(r"[一二三四五六七八九十]+丁目$", area["chome"], name)
            )
            blocks[key] = area
        names = sorted(blocks, key=len, reverse=True)
        for row in pack.rows("shelters.csv"):
            _, found, rest = folded(row["address"]).partition(pack.name)
            name = next((n for n in names if found and starts(rest, n)), None)
            if name:
                yield seen(blocks[name], float(row["lat"]), float(row["lon"]))


def starts(text: str, name: str) -> bool:
    """「布田1」 starts 「布田1-2」 and not 「布田12-3」."""
    after = text[len(name) : len(name) + 1]
    return text.startswith(name) and not (name[-1].isdigit() and after.isdigit())


def show(title: str, points: list[Seen]) -> None:
    inside = sum(p.away <= p.radius for p in points) / len(points)
    middle = median(p.radius for p in points)
    one = quantiles((p.away for p in points), n=1000)[min(998, round(inside * 1000) - 1)]
    print(
        f"{title:<34} points {len(points):>5}  inside {inside:6.1%}  median radius {middle:>5.0f} m"
        f"  one radius for all {one:>5.0f} m  ratio {middle / one:.2f}"
    )


def main() -> None:
    for title, points in (
        ("development benchmark, Tokyo", list(benchmark_points())),
        ("shelter addresses, 40 towns", list(shelter_points())),
    ):
        show(title, points)
        for kind in ("chome", "oaza"):
            show(f"  {kind}", [p for p in points if p.kind == kind])


if __name__ == "__main__":
    main()
