"""One folder a municipality, the index and the credit table."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from packs import addresses, facilities, jma, outlines, places, population, shelters
from packs.catalog import ORIGINS, combined
from packs.sources import Sources, Town
from packs.writing import write_csv, write_json

ADDRESS_COLUMNS = ["town_area", "oaza", "chome", "koaza", "lat", "lon", "radius_m", "kind"]
INDEX_COLUMNS = ["code", "name", "kana", "prefecture", "county", "region", "served"]
CHOFU, HACHIOJI, ITAMI = "13208", "13201", "28207"
ISLANDS = ("1336", "1338", "1340", "1342")
VIEW_MARGIN = 0.01


@dataclass
class Folder:
    """The folder of one pack; remembers what was written with its origins."""

    path: Path
    files: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, rows: int, origins: list[str]) -> None:
        self.files.append({"name": name, "rows": rows, **combined(origins)})

    def csv(self, name: str, header: list[str], rows: list[Any], origins: list[str]) -> None:
        self.add(name, write_csv(self.path / name, header, rows), origins)

    def geojson(self, name: str, value: dict[str, Any], origins: list[str]) -> None:
        write_json(self.path / name, value, compact=True)
        self.add(name, len(value.get("features", [value])), origins)


def build(sources: Sources, made_here: Path, target: Path) -> None:
    own = sources.csv(made_here)
    stations = sources.json("stations/N02-18_Station_tokyo_itami.geojson")["features"]
    used = dict.fromkeys(ORIGINS, 0)
    for town in sources.towns:
        folder = Folder(target / town.code)
        pack = _pack(sources, town, folder, own, stations)
        write_json(folder.path / "pack.json", pack)
        for key, origin in ORIGINS.items():
            used[key] += any(origin.credit in f["credit"] for f in folder.files)
    index = [
        [t.code, t.name, t.kana, t.prefecture, t.county, t.region, str(served(t)).lower()]
        for t in sources.towns
    ]
    write_csv(target / "index.csv", INDEX_COLUMNS, index)
    (target / "README.md").write_text(readme(used), encoding="utf-8", newline="\n")


def served(town: Town) -> bool:
    """The 39 towns of Tama and the Islands, and 伊丹市."""
    return bool(town.region) or town.code == ITAMI


def _pack(
    sources: Sources, town: Town, folder: Folder, own: list[dict[str, str]], stations: list[Any]
) -> dict[str, Any]:
    outline, outline_origin = sources.boundary(town)
    blocks = _blocks(sources, town)
    postal = sources.postal(town)
    areas = addresses.complete(town, sources.addresses(town), postal, outline, blocks)
    folder.csv(
        "addresses.csv",
        ADDRESS_COLUMNS,
        [a.row() for a in areas],
        [
            "geolonia-addresses",
            "postal",
            "localgovjp",
            outline_origin,
            *(["chofu-blocks"] if blocks else []),
        ],
    )
    listed = shelters.merged(shelters.read(sources.shelters(town))) if served(town) else []
    if served(town):
        rows = [s.row() for s in listed]
        folder.csv("shelters.csv", shelters.COLUMNS, rows, ["gsi-shelters"])
    hall = places.hall(town, listed)
    spots = places.unique(
        [
            hall,
            *places.stations(stations, outline),
            *_facilities(sources, town),
            *places.from_shelters(listed, town),
            *places.made_here(own, town, areas),
        ]
    )
    origins = sorted({s.source for s in spots}, key=list(ORIGINS).index)
    folder.csv("places.csv", places.COLUMNS, [s.row() for s in spots], origins)
    whole = outlines.boundary(outline, town.code, town.name)
    folder.geojson("boundary.geojson", whole, [outline_origin])
    if blocks:
        folder.geojson("blocks.geojson", outlines.blocks(blocks), ["chofu-blocks"])
    folder.csv("postal.csv", ["code", "town_area"], postal, ["postal"])
    people = _population(sources, town, folder, areas)
    bounds = _bounds(whole, areas)
    folder.add("pack.json", 1, ["localgovjp", "jma-codes", "regions"])
    return {
        "code": town.code,
        "lg_code": town.lg_code,
        "name": town.name,
        "kana": town.kana,
        "name_en": jma.english_name(sources, town),
        "prefecture": town.prefecture,
        "county": town.county,
        "region": town.region,
        "served": served(town),
        "hall": {"name": hall.name, "address": hall.address, "lat": town.lat, "lon": town.lon},
        "website": town.website,
        "jma": jma.codes(sources, town),
        "bounds": bounds,
        "view": _view(town, listed, bounds),
        "population": people,
        "files": folder.files,
    }


def _blocks(sources: Sources, town: Town) -> dict[str, BaseGeometry]:
    if town.code != CHOFU:
        return {}
    topology = sources.json("boundaries/chochome/r2ka13208.topojson")
    return outlines.from_topojson(topology, "town", "S_NAME")


def _facilities(sources: Sources, town: Town) -> list[places.Spot]:
    if town.code == CHOFU:
        file = sources.data / "facilities" / "chofu" / "choufushi_open_data_school.xls"
        return facilities.chofu_schools(file, town)
    if town.code == HACHIOJI:
        nurseries = facilities.hachioji_nurseries(sources, town)
        return nurseries + facilities.hachioji_sights(sources)
    return []


def _population(
    sources: Sources, town: Town, folder: Folder, areas: list[addresses.Area]
) -> dict[str, Any] | None:
    if town.code != CHOFU:
        return None
    file = sources.data / "population" / "chofu" / "choufushi_open_data_chouchoubetu1201.xlsx"
    rows, as_of = population.latest(file, {a.town_area for a in areas})
    folder.csv("population.csv", population.COLUMNS, rows, ["chofu-population"])
    total = sum(int(str(row[3])) for row in rows)
    credit = ORIGINS["chofu-population"].credit
    return {"total": total, "as_of": as_of.isoformat(), "source": credit}


def _bounds(whole: dict[str, Any], areas: list[addresses.Area]) -> list[float]:
    points = [p for part in whole["geometry"]["coordinates"] for ring in part for p in ring]
    points += [[area.lon, area.lat] for area in areas]
    x, y = [p[0] for p in points], [p[1] for p in points]
    return [min(x), min(y), max(x), max(y)]


def _view(town: Town, listed: list[shelters.Shelter], bounds: list[float]) -> list[float]:
    """What a map shows first: the bounds; on the islands where people live (hall and shelters)."""
    if not town.code.startswith(ISLANDS) or not listed:
        return bounds
    y, x = [town.lat, *(s.lat for s in listed)], [town.lon, *(s.lon for s in listed)]
    west, south, east, north = min(x), min(y), max(x), max(y)
    return [
        round(v, 6)
        for v in (west - VIEW_MARGIN, south - VIEW_MARGIN, east + VIEW_MARGIN, north + VIEW_MARGIN)
    ]


def readme(used: dict[str, int]) -> str:
    """packs/README.md: what the files are, and the credit table."""
    table = "\n".join(
        f"| {key} | {o.source} | {o.credit} | {o.licence} | {used[key]} |"
        for key, o in ORIGINS.items()
    )
    return README.format(table=table)


README = """# Town packs

Open data of each municipality: all 62 of Tokyo and 伊丹市. Built by `scripts/build_packs.py`;
do not edit by hand. `index.csv` lists them; `served` are the towns that the platform runs for.
The 23 wards are here so that an address in them is recognised; they have no shelters.csv.

| file | what |
|---|---|
| pack.json | names, codes, hall, JMA area codes, bounds, first map view, files with credit |
| addresses.csv | town blocks: point, and the radius in metres that holds about 95 % of it |
| places.csv | stations, schools, parks, halls, rivers and other names that people use |
| shelters.csv | designated emergency sites and shelters, each place once |
| boundary.geojson | the municipality, simplified to 10 m, islets below 2,000 m² left out |
| blocks.geojson, population.csv | where a town publishes them (調布市) |
| postal.csv | postal codes |

addresses.csv: `town_area` is written as in the source (a koaza follows its oaza). `kind` is chome,
oaza, koaza, district (known from postal names alone: the point of the hall) or town (no name: the
municipality, the point of the hall). Oaza that the source has only as chome are added at the
middle of their chome. How the radius is computed and how true it is:
docs/decisions/0002-town-packs.md.

places.csv: `lat`, `lon`, `radius_m` are "" where there is no single point (rivers). The same name
may stand in two rows that are more than 500 m apart. Aliases are separated by `;`.

shelters.csv: 1 or 0 in `shelter`, `emergency` and the hazards an emergency site is designated for.
A town may designate a place just outside its own boundary.

## Credit

| key | source | credit | licence | packs |
|---|---|---|---|---|
{table}
"""
