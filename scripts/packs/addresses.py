"""addresses.csv: town blocks with a point and the radius that truly holds them."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from packs.geometry import Plane, cells, reach, samples
from packs.sources import Town

CHOME = re.compile(r"^(.+?)([一二三四五六七八九十]+)丁目$")
DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", start=1)}
FLOOR_M = 60
# A rock that the boundary does not draw (沖ノ鳥島): its reef is 4.5 km long.
LONE_M = 5000


@dataclass(frozen=True, slots=True)
class Area:
    """A row of addresses.csv; ``chome`` is 0 where there is none."""

    town_area: str
    oaza: str
    chome: int
    koaza: str
    lat: float
    lon: float
    radius_m: int
    kind: str

    def row(self) -> list[object]:
        return [
            self.town_area,
            self.oaza,
            self.chome or "",
            self.koaza,
            f"{self.lat:.6f}",
            f"{self.lon:.6f}",
            self.radius_m,
            self.kind,
        ]


def kanji_number(text: str) -> int:
    """一 to 九十九."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return DIGITS[ones]
    return 10 * (DIGITS[tens] if tens else 1) + (DIGITS[ones] if ones else 0)


def read(rows: list[dict[str, Any]], town: Town) -> list[Area]:
    """The source's rows as areas without radius; the few rows without a point get kind "".

    「（大字なし）」 and the municipality's own name are not names of an area.
    """
    found = []
    for row in rows:
        name, koaza = row["town"], row["koaza"] or ""
        if name in ("（大字なし）", town.name):
            continue
        match = CHOME.match(name)
        oaza, chome = (match[1], kanji_number(match[2])) if match else (name, 0)
        oaza = oaza.removeprefix("大字")
        kind = "koaza" if koaza else "chome" if chome else "oaza"
        located = row["lat"] is not None
        lat, lon = (row["lat"], row["lng"]) if located else (town.lat, town.lon)
        found.append(Area(name + koaza, oaza, chome, koaza, lat, lon, 0, kind if located else ""))
    return found


class Reach:
    """Radii of the areas of one town.

    A leaf area (chome, koaza, oaza without them) is its polygon in ``blocks`` where there is one,
    else the part of the municipality that is nearest to its point.
    """

    def __init__(
        self,
        town: Town,
        areas: list[Area],
        boundary: BaseGeometry,
        blocks: dict[str, BaseGeometry],
    ) -> None:
        self.plane = Plane(town.lat, town.lon)
        self.land = self.plane.flat(boundary)
        parents = {a.oaza for a in areas if a.kind in ("chome", "koaza")}
        leaves = [a for a in areas if a.kind in ("chome", "koaza") or a.oaza not in parents]
        shapes = cells([self.xy(a) for a in leaves], self.land) if leaves else []
        self.cell = {a.town_area: samples(c) for a, c in zip(leaves, shapes, strict=True)}
        drawn = {n: self.plane.flat(b) for n, b in blocks.items() if n in self.cell}
        self.cell.update({name: samples(polygon) for name, polygon in drawn.items()})
        self.drawn = set(drawn)
        self.family: dict[str, list[np.ndarray]] = defaultdict(list)
        for leaf in leaves:
            self.family[leaf.oaza].append(self.cell[leaf.town_area])

    def xy(self, area: Area) -> tuple[float, float]:
        return self.plane.xy(area.lat, area.lon)

    def radius(self, area: Area) -> int:
        """Metres, rounded up to 10; an oaza reaches over its chome, none beyond the town's land."""
        point = self.xy(area)
        if area.town_area in self.cell:
            metres = reach(point, self.cell[area.town_area])
        else:
            metres = reach(point, np.concatenate(self.family[area.oaza]))
        if area.town_area in self.drawn:
            return rounded(metres)
        if metres == 0:
            return LONE_M
        farthest = reach(point, shapely.get_coordinates(self.land), share=1)
        return rounded(min(stated(metres), farthest))

    def of_town(self, lat: float, lon: float, inhabited: set[str]) -> int:
        """Around a point, over the inhabited oaza; over all the land where none is known."""
        cells_lived = [c for n in sorted(inhabited) for c in self.family.get(n, [])]
        places = np.concatenate(cells_lived) if cells_lived else samples(self.land, about=4000)
        return rounded(reach(self.plane.xy(lat, lon), places))


def stated(metres: float) -> float:
    """The stated radius for the reach of a cell that was guessed from points.

    A town block ends at a road or a ridge, not half way to the next point, and a large oaza may
    have land apart from the rest. Fitted over Tokyo so that 95 % of 2,268 true addresses and of
    1,960 shelters lie inside (docs/decisions/0002-town-packs.md).
    """
    return 1.1 * metres + 40 + 0.6 * max(0.0, metres - 400)


def rounded(metres: float) -> int:
    return max(FLOOR_M, int(-(-metres // 10) * 10))


def derived_oaza(areas: list[Area]) -> list[Area]:
    """An oaza row for chome whose oaza the source does not list: the middle of its chome."""
    listed = {a.oaza for a in areas if a.kind == "oaza"}
    groups: dict[str, list[Area]] = defaultdict(list)
    for area in areas:
        if area.kind == "chome" and area.oaza not in listed:
            groups[area.oaza].append(area)
    return [
        Area(
            oaza,
            oaza,
            0,
            "",
            sum(a.lat for a in group) / len(group),
            sum(a.lon for a in group) / len(group),
            0,
            "oaza",
        )
        for oaza, group in groups.items()
    ]


FOLDED = str.maketrans("ケノ之澤", "ヶのの沢")


def folded(name: str) -> str:
    """ヶ/ケ, ノ/の and 澤/沢 folded, to compare names of two sources."""
    return name.translate(FOLDED)


def from_postal(names: list[str], done: list[Area], unplaced: Area) -> list[Area]:
    """Areas that only the postal names know.

    A building (its name goes on after a known area's name) is not an area. A name that is the
    end of exactly one known oaza (三崎町 of 神田三崎町) is that oaza under its other name. What is
    left stands at ``unplaced``.
    """
    oaza = {folded(a.oaza): a for a in done if a.kind == "oaza"}
    known = set(oaza) | {folded(a.town_area) for a in done}
    found = []
    for name in dict.fromkeys(n for n in names if n and folded(n) not in known):
        if any(folded(name).startswith(k) for k in oaza):
            continue
        same = [a for k, a in oaza.items() if k.endswith(folded(name))]
        like = same[0] if len(same) == 1 else unplaced
        found.append(replace(like, town_area=name, oaza=name))
    return found


def complete(
    town: Town,
    rows: list[dict[str, Any]],
    postal: list[tuple[str, str]],
    boundary: BaseGeometry,
    blocks: dict[str, BaseGeometry],
) -> list[Area]:
    """All rows of addresses.csv of a town, in the source's order, then what was added.

    Added: oaza of chome, areas known from the postal names alone (kind ``district``, at the hall
    with a radius over the municipality) and the municipality itself (kind ``town``, no name).
    """
    read_rows = read(rows, town)
    located = [a for a in read_rows if a.kind]
    located += derived_oaza(located)
    reach_of = Reach(town, located, boundary, blocks)
    done = [replace(a, radius_m=reach_of.radius(a)) for a in located]
    named = {folded(name) for _, name in postal}
    inhabited = {a.oaza for a in located if folded(a.oaza) in named}
    whole = reach_of.of_town(town.lat, town.lon, inhabited)
    by_oaza = {a.oaza: a for a in done if a.kind == "oaza"}
    for area in (a for a in read_rows if not a.kind):
        parent = by_oaza.get(area.oaza)
        done.append(
            replace(parent, town_area=area.town_area, chome=area.chome, kind="chome")
            if parent
            else replace(area, radius_m=whole, kind="chome")
        )
    hall = Area("", "", 0, "", town.lat, town.lon, whole, "district")
    done += from_postal([name for _, name in postal], done, hall)
    done.append(replace(hall, kind="town"))
    return done
