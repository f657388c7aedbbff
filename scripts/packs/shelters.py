"""shelters.csv: designated emergency sites and shelters, the same place once."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from packs.geometry import distance_m

HAZARDS = {
    "flood": "洪水",
    "landslide": "崖崩れ、土石流及び地滑り",
    "storm_surge": "高潮",
    "earthquake": "地震",
    "tsunami": "津波",
    "fire": "大規模な火事",
    "inland_flood": "内水氾濫",
    "volcano": "火山現象",
}
COLUMNS = [
    *("id", "name", "address", "lat", "lon", "shelter", "emergency"),
    *HAZARDS,
    *("capacity", "note"),
]
NOTES = ("備考", "受入対象者", "その他市町村長が必要と認める事項")
GENERIC = (
    r"校庭|校舎|体育館|グラウンド|グランド|駐車場|庁舎|会館|公園|広場|ホール|フロア|多目的室|台"
)
PART = re.compile(
    rf"（[^（）]*({GENERIC})[^（）]*）$"
    r"|(?<=[校園])\s*(校庭|々庭|園庭|体育館|校舎|グラウンド|グランド|屋内運動場)\S*$"
)
FOUNDER = re.compile(
    r"^(?:(?:東京)?都立|(?:兵庫)?県立|国立大学法人|\S{1,5}?[市区町村]立|[市区町村]立)"
)
INDOOR = re.compile(r"屋内[）)]?\s*([0-9,]+)人")
SAME_PLACE_M = 300


@dataclass(frozen=True, slots=True)
class Shelter:
    """``hazards`` are the kinds an emergency site is designated for."""

    id: str
    name: str
    address: str
    lat: float
    lon: float
    shelter: bool
    emergency: bool
    hazards: frozenset[str]
    capacity: str
    note: str

    def row(self) -> list[object]:
        return [
            self.id,
            self.name,
            self.address,
            f"{self.lat:.6f}",
            f"{self.lon:.6f}",
            int(self.shelter),
            int(self.emergency),
            *(int(h in self.hazards) for h in HAZARDS),
            self.capacity,
            self.note,
        ]


def tidy(text: str | None) -> str:
    """One line, one space at most, ASCII digits and letters; Japanese brackets kept."""
    one_line = re.sub(r"[\r\n]+", "", text or "")
    plain = unicodedata.normalize("NFKC", one_line).replace("(", "（").replace(")", "）")
    return re.sub(r"\s+", " ", plain).strip()


def base_name(name: str) -> str:
    """The place without its founder and without the part of it that is opened."""
    before = None
    while before != name:
        before, name = name, PART.sub("", name).strip()
    return FOUNDER.sub("", name).strip() or before


def read(features: Iterable[tuple[str, dict[str, Any]]]) -> list[Shelter]:
    found = []
    for kind, feature in features:
        p = feature["properties"]
        lon, lat = feature["geometry"]["coordinates"][:2]
        notes = dict.fromkeys(tidy(p.get(n)) for n in NOTES)
        note = "。".join(n for n in notes if n)
        indoor = INDOOR.search(note)
        found.append(
            Shelter(
                id=p["共通ID"],
                name=tidy(p["施設・場所名"]),
                address=tidy(p["住所"]),
                lat=lat,
                lon=lon,
                shelter=kind == "evacuation",
                emergency=kind == "emergency",
                hazards=frozenset(h for h, column in HAZARDS.items() if p.get(column) == "1"),
                capacity=indoor[1].replace(",", "") if indoor else "",
                note=note,
            )
        )
    return found


def merged(rows: list[Shelter]) -> list[Shelter]:
    """A shelter and an emergency site of the same place become one row.

    Same place: same base name within 300 m. Where one kind lists several parts of a place
    (schoolyard, school building) only rows of the very same name are joined, since the parts are
    designated for different hazards.
    """
    groups: dict[str, list[Shelter]] = defaultdict(list)
    for row in rows:
        groups[base_name(row.name)].append(row)
    result = []
    for group in groups.values():
        sites = [r for r in group if r.emergency]
        for shelter in (r for r in group if r.shelter):
            twin = _twin(shelter, sites, alone=len(sites) == 1 and len(group) == 2)
            if twin:
                sites.remove(twin)
            result.append(_joined(shelter, twin) if twin else shelter)
        result += sites
    return sorted(result, key=lambda r: r.id[1:])


def _twin(shelter: Shelter, sites: list[Shelter], alone: bool) -> Shelter | None:
    near = (
        s
        for s in sites
        if (alone or s.name == shelter.name)
        and distance_m(s.lat, s.lon, shelter.lat, shelter.lon) <= SAME_PLACE_M
    )
    return next(near, None)


def _joined(shelter: Shelter, site: Shelter) -> Shelter:
    notes = dict.fromkeys(n for n in (shelter.note, site.note) if n)
    return replace(
        shelter,
        emergency=True,
        hazards=site.hazards,
        address=max(shelter.address, site.address, key=len),
        capacity=shelter.capacity or site.capacity,
        note="。".join(notes),
    )
