"""The base of the maps, for every served town."""

import gzip
import json

import pytest
from shapely.geometry import box, shape

from madoguchi.kernel.towns import pack
from madoguchi.ui import mapbase, tiles

SERVED = [town for town in pack.all_packs() if town.served]


def test_forty_towns_are_served() -> None:
    assert len(SERVED) == 40


@pytest.mark.parametrize("town", SERVED, ids=lambda town: town.name)
def test_every_town_has_an_outline_a_hall_and_names_inside_its_view(town: pack.Pack) -> None:
    config = json.loads(mapbase.base_of(town.code, "").plain)
    assert config["town"] == town.name
    outline = config["boundary"]
    geometry = (
        outline["geometry"]
        if outline["type"] == "Feature"
        else (outline["features"][0]["geometry"])
    )
    area = shape(geometry)
    assert not area.is_empty
    assert box(*config["view"]).intersects(area)
    names = [f["properties"]["name"] for f in config["labels"]["features"]]
    assert names
    assert all(names)
    assert config["tiles"] is None
    assert "国土数値情報" in config["attribution"]


def test_the_answer_is_small_and_the_same_compressed() -> None:
    base = mapbase.base_of("13208", "")
    assert gzip.decompress(base.zipped) == base.plain
    assert len(base.zipped) < 100_000


def test_an_oaza_stands_at_the_middle_of_its_chome() -> None:
    rows = [
        {"kind": "chome", "oaza": "布田", "lon": "139.0", "lat": "35.0"},
        {"kind": "chome", "oaza": "布田", "lon": "139.2", "lat": "35.4"},
        {"kind": "oaza", "oaza": "西町", "lon": "1", "lat": "1"},
    ]
    assert mapbase.districts(rows) == [("布田", 139.1, 35.2)]


def test_outside_tiles_only_by_a_known_setting() -> None:
    assert tiles.source_of({}) is None
    assert tiles.source_of({"tiles": "https://tiles.example.com"}) is None
    source = tiles.source_of({"tiles": "gsi"})
    assert source is not None
    config = json.loads(mapbase.base_of("13208", "gsi").plain)
    assert config["tiles"]["url"].startswith(source.origin)
    assert "国土地理院" in config["attribution"]
