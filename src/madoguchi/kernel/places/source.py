"""Rows of the town packs as the engine takes them."""

from typing import Any

from madoguchi.kernel.places.data import Point
from madoguchi.kernel.places.engine.gazetteer import (
    FACILITY_RADIUS_M,
    Block,
    Facility,
    TownRows,
)
from madoguchi.kernel.towns import pack
from madoguchi.kernel.towns.pack import Pack, UnknownTown

_FROM_SHELTERS = "gsi-shelters"


def codes(prefecture: str) -> tuple[str, ...]:
    """Codes of all municipalities of a prefecture (two digits) that have a pack."""
    return tuple(p.code for p in pack.all_packs() if p.code.startswith(prefecture))


def code_of(town: str) -> str:
    """Code of a municipality given by code or name. Raises ``UnknownTown``."""
    if town.isdigit():
        return pack.load(town).code
    return pack.by_name(town).code


def town_rows(code: str, layers: frozenset[str]) -> TownRows:
    """The pack of ``code`` with the facilities of ``layers``. Raises ``UnknownTown``."""
    town = pack.load(code)
    blocks, hall, radius = [], Point(town.hall.lat, town.hall.lon), 0
    for row in town.rows("addresses.csv"):
        if row["kind"] == "town":
            hall, radius = _point(row), int(row["radius_m"])
        else:
            blocks.append(_block(code, row))
    facilities = [
        (_facility(code, row), row["aliases"].split(";"))
        for row in town.rows("places.csv")
        if _wanted(row, layers)
    ]
    return TownRows(
        town.code,
        town.name,
        town.kana,
        town.prefecture,
        town.county,
        hall,
        radius,
        blocks,
        facilities,
    )


def _point(row: dict[str, str]) -> Point:
    return Point(float(row["lat"]), float(row["lon"]))


def _block(code: str, row: dict[str, str]) -> Block:
    return Block(
        code,
        row["town_area"],
        row["oaza"],
        int(row["chome"] or 0),
        row["koaza"],
        _point(row),
        int(row["radius_m"]),
    )


def _wanted(row: dict[str, str], layers: frozenset[str]) -> bool:
    """Facilities that the shelter lists name belong to the shelter layer whatever their kind."""
    return row["kind"] in layers and ("shelter" in layers or row["source"] != _FROM_SHELTERS)


def _facility(code: str, row: dict[str, str]) -> Facility:
    point = _point(row) if row["lat"] else None
    return Facility(
        code, row["name"], row["kind"], point, int(row["radius_m"] or FACILITY_RADIUS_M)
    )


def boundary(code: str) -> dict[str, Any]:
    """The GeoJSON geometry of the municipality. Raises ``UnknownTown``."""
    town: Pack = pack.load(code)
    shape = town.geojson("boundary.geojson")
    if shape is None:
        raise UnknownTown(code)
    if shape["type"] == "FeatureCollection":
        shape = shape["features"][0]
    geometry: dict[str, Any] = shape["geometry"]
    return geometry
