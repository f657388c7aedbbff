"""places.csv: what people name when they say where they are, with the other names they use."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from packs.addresses import Area, folded
from packs.geometry import distance_m
from packs.shelters import FOUNDER, GENERIC, Shelter, base_name
from packs.sources import Town

COLUMNS = ["name", "kind", "aliases", "lat", "lon", "radius_m", "address", "source"]
KINDS = (
    ("hall", r"(市役所|区役所|町役場|村役場)$"),
    (
        "school",
        r"(学校|高校|(?<!科)学園|大学|大学院|中等部|高等部|キャンパス|校舎|大学校)(本校|分校)?$",
    ),
    ("nursery", r"(保育園|幼稚園|こども園|子ども園|保育所|保育室|学童保育所)$"),
    ("hospital", r"(病院|医院|クリニック|診療所|医療センター)$"),
    ("library", r"図書館$"),
    ("park", r"(公園|緑地|広場|グラウンド|グランド|運動場|河川敷|球場|庭園|遊園|田園)$"),
    ("port", r"(港|ふ頭|埠頭)$"),
    ("bridge", r"橋$"),
    (
        "facility",
        r"(センター|会館|ホール|公民館|集会所|体育館|プラザ|館|庁舎|住宅|団地|アリーナ|園|苑|荘|寺"
        r"|神社|ホーム|施設|ハウス|の里|の家|の郷|支所|出張所|役場|ドーム|スタジアム)$",
    ),
)
NEARBY = re.compile(r"(周辺|一帯|付近)$")
INSIDE = re.compile(r"（([^（）]{2,})）")
WIDE = re.compile(r"(住宅|団地|ハイツ)$|緑地|河川敷|霊園|大学")
WIDE_RADIUS_M = 400
RADIUS_M = {"park": 250, "school": 200, "port": 300}
NEARBY_RADIUS_M = 500
SAME_SITE_M = 400
STATION_MERGE_M = 600


@dataclass(frozen=True, slots=True)
class Spot:
    """A row of places.csv; ``lat`` is None for what has no single point (rivers)."""

    name: str
    kind: str
    aliases: tuple[str, ...]
    lat: float | None
    lon: float | None
    radius_m: int | None
    address: str
    source: str

    def row(self) -> list[object]:
        located = self.lat is not None
        return [
            self.name,
            self.kind,
            ";".join(self.aliases),
            f"{self.lat:.6f}" if located else "",
            f"{self.lon:.6f}" if located else "",
            self.radius_m if located else "",
            self.address,
            self.source,
        ]


def kind_of(name: str, default: str) -> str:
    return next((kind for kind, pattern in KINDS if re.search(pattern, name)), default)


def aliases_of(name: str, town: Town) -> tuple[str, ...]:
    """Other names of a place: without founder or town, schools in short, センター as コミセン.

    調布市立第一小学校 -> 第一小学校, 第一小, 一小, 調布第一小学校, 調布第一小, 調布一小, ...
    """
    stem = re.sub(r"[市区町村]$", "", town.name)
    bare = FOUNDER.sub("", name).strip()
    core = bare.removeprefix(town.name)
    if core.startswith(stem + "第"):
        core = core.removeprefix(stem)
    names = [name, bare, core if len(core) >= 4 else bare, *_short(core)]
    if kind_of(core, "") == "school":
        if core.startswith("第"):
            names += [stem + n for n in (core, *_short(core))]
        if core.endswith(("小学校", "中学校")):
            names.append(f"{town.name}立{core}")
    return tuple(a for a in dict.fromkeys(names) if a != name and len(a) >= 2)


def _short(name: str) -> Iterable[str]:
    if school := re.match(r"(.+?)(小|中|小中)学校$", name):
        yield school[1] + school[2]
        if number := re.match(r"(.*?)第([一二三四五六七八九十]+)$", school[1]):
            yield number[1] + number[2] + school[2]
    if name.endswith("高等学校"):
        yield name.removesuffix("等学校") + "校"
    if name.endswith(("コミュニティセンター", "コミュニティ・センター")):
        head = re.sub("コミュニティ・?センター$", "", name)
        yield head + "コミュニティセンター"
        yield head + "コミセン"


def from_shelters(rows: list[Shelter], town: Town) -> list[Spot]:
    """One spot a place, whatever parts of it are listed; 「A・B周辺」 is one of A and one of B."""
    groups: dict[str, list[Shelter]] = defaultdict(list)
    for row in rows:
        groups[base_name(INSIDE.sub("", row.name)) or row.name].append(row)
    spots = []
    for base, group in groups.items():
        near = NEARBY.sub("", base)
        names = re.split("[・/]", near) if near and near != base else [base]
        left = group
        while left:
            same = [r for r in left if _near(left[0], r, SAME_SITE_M)]
            left = [r for r in left if r not in same]
            spots += [_spot(FOUNDER.sub("", n), same, town, near != base) for n in names if n]
    return spots


def _near(a: Shelter, b: Shelter, metres: float) -> bool:
    return distance_m(a.lat, a.lon, b.lat, b.lon) <= metres


def _spot(name: str, rows: list[Shelter], town: Town, nearby: bool) -> Spot:
    kind = kind_of(name, "shelter" if any(r.shelter for r in rows) else "emergency")
    names = [name]
    if not nearby:
        names += [r.name for r in rows if "（" not in r.name]
        inside = (i for row in rows for i in INSIDE.findall(row.name) if kind_of(i, ""))
        names += [i for i in inside if not re.fullmatch(rf"({GENERIC}|[・一部])+", i)]
    usual = WIDE_RADIUS_M if WIDE.search(name) else RADIUS_M.get(kind, 150)
    return Spot(
        name=name,
        kind=kind,
        aliases=_others(name, (a for n in names for a in (n, *aliases_of(n, town)))),
        lat=rows[0].lat,
        lon=rows[0].lon,
        radius_m=NEARBY_RADIUS_M if nearby else usual,
        address=max((r.address for r in rows), key=len),
        source="gsi-shelters",
    )


def _others(name: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(n for n in dict.fromkeys(names) if n != name)


def stations(features: Iterable[dict[str, Any]], boundary: BaseGeometry) -> list[Spot]:
    """Stations with any part of their platforms inside the municipality."""
    by_name: dict[str, list[tuple[LineString, str]]] = defaultdict(list)
    for feature in features:
        line = LineString(feature["geometry"]["coordinates"])
        by_name[feature["properties"]["N02_005"]].append((line, feature["properties"]["N02_003"]))
    spots = []
    for name, parts in sorted(by_name.items()):
        while parts:
            middle = parts[0][0].centroid
            same = [p for p in parts if _apart(middle, p[0].centroid) <= STATION_MERGE_M]
            parts = [p for p in parts if p not in same]
            platforms = shapely.union_all([line for line, _ in same])
            if platforms.intersects(boundary):
                spots.append(_station(name, platforms, [railway for _, railway in same]))
    return spots


def _apart(a: shapely.Point, b: shapely.Point) -> float:
    return distance_m(a.y, a.x, b.y, b.x)


def _station(name: str, platforms: BaseGeometry, railways: list[str]) -> Spot:
    middle = platforms.centroid
    far = max(distance_m(middle.y, middle.x, y, x) for x, y in shapely.get_coordinates(platforms))
    lines = tuple(f"{railway}{name}駅" for railway in sorted(set(railways)))
    plain = re.sub(r"[（(].*?[）)]", "", name)
    folded = (f"{plain}駅",) if plain != name else ()
    return Spot(
        f"{name}駅",
        "station",
        folded + lines,
        middle.y,
        middle.x,
        max(150, int(-(-(far + 100) // 10) * 10)),
        "",
        "mlit-n02",
    )


def hall(town: Town, shelters: list[Shelter]) -> Spot:
    """The town hall; its address only where a shelter of that name gives one."""
    office = {"市": "役所", "区": "役所", "町": "役場", "村": "役場"}[town.name[-1]]
    name = town.name + office
    address = next((s.address for s in shelters if name in s.name), "")
    aliases = (town.name[-1] + office, office)
    return Spot(name, "hall", aliases, town.lat, town.lon, 150, address, "localgovjp")


def made_here(rows: list[dict[str, str]], town: Town, areas: list[Area]) -> list[Spot]:
    """Rivers (no point) and well-known names, at the point of the town area they stand in.

    ``town_area`` is "*" where only the municipality is known. Raises KeyError for a town area that
    addresses.csv does not have.
    """
    by_area = {a.town_area or "*": a for a in areas}
    spots = []
    for row in rows:
        if town.name not in row["towns"].split(";"):
            continue
        aliases = tuple(a for a in row["aliases"].split(";") if a)
        spot = Spot(row["name"], row["kind"], aliases, None, None, None, "", "made-here")
        if row["town_area"]:
            area = by_area[row["town_area"]]
            spot = replace(
                spot,
                lat=area.lat,
                lon=area.lon,
                radius_m=area.radius_m,
                address=town.name + area.town_area,
            )
        spots.append(spot)
    return spots


def unique(spots: Iterable[Spot]) -> list[Spot]:
    """Earlier spots win: a later one of the same name only adds its aliases.

    The same place: within 500 m, or within the later one's own radius.
    """
    kept: list[Spot] = []
    index: dict[str, list[int]] = defaultdict(list)
    for spot in spots:
        rivals = index[folded(spot.name)]
        same = next((i for i in rivals if _one_place(kept[i], spot)), None)
        if same is None:
            for name in dict.fromkeys(folded(n) for n in (spot.name, *spot.aliases)):
                index[name].append(len(kept))
            kept.append(spot)
        else:
            first = kept[same]
            kept[same] = replace(
                first,
                aliases=_others(first.name, (*first.aliases, spot.name, *spot.aliases)),
                address=first.address or spot.address,
            )
    return sorted(kept, key=lambda s: (s.kind, s.name, s.lat or 0))


def _one_place(first: Spot, later: Spot) -> bool:
    if first.lat is None or first.lon is None or later.lat is None or later.lon is None:
        return False
    limit = max(500, later.radius_m or 0)
    return distance_m(first.lat, first.lon, later.lat, later.lon) <= limit
