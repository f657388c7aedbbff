"""The base of every map: the town's outline, names of town blocks and stations from its pack.

Public data only, so one answer serves residents' pickers and staff maps. It is made once for each
town and kept compressed; browsers ask again by ETag.
"""

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from madoguchi.kernel.towns import pack
from madoguchi.kernel.towns.middleware import TownRequest
from madoguchi.ui import tiles

LABELS = {"station": "station", "hall": "hall", "school": "school", "park": "park"}


@dataclass(frozen=True, slots=True)
class Base:
    """The configuration as it goes out."""

    plain: bytes
    zipped: bytes
    etag: str


def point(lon: float, lat: float, **properties: object) -> dict[str, Any]:
    """A GeoJSON point feature."""
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


def collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    """A GeoJSON feature collection."""
    return {"type": "FeatureCollection", "features": features}


def block_labels(town: pack.Pack) -> list[dict[str, Any]]:
    """Names at their points: chome (rank 2), other blocks (1), oaza that have chome (0).

    A village without block names shows its own name at the hall.
    """
    rows = [row for row in town.rows("addresses.csv") if row["kind"] != "town"]
    features = [
        point(
            float(row["lon"]),
            float(row["lat"]),
            name=row["town_area"],
            rank=2 if row["chome"] or row["koaza"] else 1,
        )
        for row in rows
    ]
    features += [point(lon, lat, name=name, rank=0) for name, lon, lat in districts(rows) if name]
    return features or [point(town.hall.lon, town.hall.lat, name=town.name, rank=1)]


def districts(rows: list[dict[str, str]]) -> list[tuple[str, float, float]]:
    """The middle of each oaza that is divided into chome: name, lon, lat."""
    groups: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        if row["kind"] == "chome":
            groups.setdefault(row["oaza"], []).append((float(row["lon"]), float(row["lat"])))
    return [
        (
            name,
            round(sum(lon for lon, _ in points) / len(points), 6),
            round(sum(lat for _, lat in points) / len(points), 6),
        )
        for name, points in groups.items()
    ]


def places(town: pack.Pack) -> list[dict[str, Any]]:
    """Stations, town hall, schools and parks that have a point."""
    return [
        point(float(row["lon"]), float(row["lat"]), name=row["name"], kind=LABELS[row["kind"]])
        for row in town.rows("places.csv")
        if row["kind"] in LABELS and row["lat"]
    ]


def describe(town: pack.Pack, tile_source: tiles.TileSource | None) -> dict[str, Any]:
    """All that a map needs before the first case is drawn."""
    credits = ["国土数値情報（国土交通省）", "Geolonia 住所データ"]
    return {
        "town": town.name,
        "view": town.view,
        "bounds": town.bounds,
        "hall": [town.hall.lon, town.hall.lat],
        "boundary": town.geojson("boundary.geojson"),
        "blocks": town.geojson("blocks.geojson"),
        "labels": collection(block_labels(town)),
        "places": collection(places(town)),
        "tiles": tile_source.as_json() if tile_source else None,
        "attribution": "／".join(credits + ([tile_source.credit] if tile_source else [])),
    }


@lru_cache(maxsize=64)
def base_of(code: str, tile_name: str) -> Base:
    """The configuration of a town, made once; raises UnknownTown."""
    described = describe(pack.load(code), tiles.SOURCES.get(tile_name))
    plain = json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()
    return Base(
        plain=plain,
        zipped=gzip.compress(plain, 9, mtime=0),
        etag=f'"{hashlib.sha256(plain).hexdigest()[:20]}"',
    )


@require_safe
def config(request: TownRequest) -> HttpResponse:
    """The map's base as JSON; 304 when the browser has it."""
    town = request.town
    base = base_of(town.code, str(town.settings.get("tiles", "")))
    asked = request.headers.get("If-None-Match", "")
    if asked and base.etag in [tag.removeprefix("W/") for tag in parse_etags(asked)]:
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(base.zipped, content_type="application/json")
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(base.plain, content_type="application/json")
    response["ETag"] = base.etag
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "no-cache"
    return response
