"""Rows of the packs as the engine takes them."""

import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from madoguchi.kernel.places.data import Point
from madoguchi.kernel.places.engine.gazetteer import (
    FACILITY_RADIUS_M,
    Block,
    Facility,
    TownRows,
)

_FROM_SHELTERS = "gsi-shelters"


def packs_dir() -> Path:
    return Path(__file__).resolve().parents[4] / "packs"


@cache
def _index() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in _rows(packs_dir() / "index.csv")}


def codes(prefix: str) -> tuple[str, ...]:
    return tuple(c for c in _index() if c.startswith(prefix))


def code_of(town: str) -> str:
    """Code of a municipality given by code or name; ``LookupError`` when there is none."""
    for row in _index().values():
        if town in (
            row["code"],
            row["name"],
            row["county"] + row["name"],
            row["prefecture"] + row["name"],
            row["prefecture"] + row["county"] + row["name"],
        ):
            return row["code"]
    raise LookupError(town)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


def town_rows(code: str, layers: frozenset[str]) -> TownRows:
    folder = packs_dir() / code
    about = _index()[code]
    rows = list(_rows(folder / "addresses.csv"))
    whole = next(r for r in rows if r["kind"] == "town")
    hall = Point(float(whole["lat"]), float(whole["lon"]))
    blocks = [_block(code, r) for r in rows if r["kind"] != "town"]
    facilities = [f for r in _rows(folder / "places.csv") if (f := _facility(code, r, layers))]
    return TownRows(
        code,
        about["name"],
        about["kana"],
        about["prefecture"],
        about["county"],
        hall,
        int(whole["radius_m"]),
        blocks,
        facilities,
    )


def _block(code: str, row: dict[str, str]) -> Block:
    return Block(
        code,
        row["town_area"],
        row["oaza"],
        int(row["chome"] or 0),
        row["koaza"],
        Point(float(row["lat"]), float(row["lon"])),
        int(row["radius_m"]),
    )


def _facility(
    code: str, row: dict[str, str], layers: frozenset[str]
) -> tuple[Facility, list[str]] | None:
    if row["kind"] not in layers or (row["source"] == _FROM_SHELTERS and "shelter" not in layers):
        return None
    point = Point(float(row["lat"]), float(row["lon"])) if row["lat"] else None
    radius = int(row["radius_m"] or FACILITY_RADIUS_M)
    return Facility(code, row["name"], row["kind"], point, radius), row["aliases"].split(";")


def boundary(code: str) -> dict[str, Any]:
    """The GeoJSON geometry of the municipality."""
    with (packs_dir() / code / "boundary.geojson").open(encoding="utf-8") as lines:
        shape: dict[str, Any] = json.load(lines)
    if shape["type"] == "FeatureCollection":
        shape = shape["features"][0]
    geometry: dict[str, Any] = shape["geometry"]
    return geometry
