"""The committed town packs: whole, credited, inside their towns. Reads nothing else."""

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point, box, shape

PACKS = Path(__file__).resolve().parents[2] / "packs"
COLUMNS = {
    "addresses.csv": "town_area,oaza,chome,koaza,lat,lon,radius_m,kind",
    "places.csv": "name,kind,aliases,lat,lon,radius_m,address,source",
    "shelters.csv": "id,name,address,lat,lon,shelter,emergency,flood,landslide,storm_surge,"
    "earthquake,tsunami,fire,inland_flood,volcano,capacity,note",
    "postal.csv": "code,town_area",
    "population.csv": "town_area,male,female,total,as_of",
}
ADDRESS_KINDS = {"chome", "oaza", "koaza", "district", "town"}
PLACE_KINDS = {
    *("station", "school", "shelter", "emergency", "hall", "park", "library", "hospital"),
    *("nursery", "bridge", "port", "facility", "river"),
}
LICENCES = (
    *("CC BY 4.0", "CC0 1.0", "MIT", "Apache-2.0", "国土数値情報 利用規約（出典の表示）"),
    *("国土地理院コンテンツ利用規約（出典の表示）", "気象庁 公共データ利用規約（CC BY 4.0 互換）"),
)
TAMA = {
    *("八王子市", "立川市", "武蔵野市", "三鷹市", "青梅市", "府中市", "昭島市", "調布市"),
    *("町田市", "小金井市", "小平市", "日野市", "東村山市", "国分寺市", "国立市", "福生市"),
    *("狛江市", "東大和市", "清瀬市", "東久留米市", "武蔵村山市", "多摩市", "稲城市", "羽村市"),
    *("あきる野市", "西東京市", "瑞穂町", "日の出町", "檜原村", "奥多摩町"),
}
ISLANDS = {
    *("大島町", "利島村", "新島村", "神津島村", "三宅村", "御蔵島村", "八丈町", "青ヶ島村"),
    *("小笠原村",),
}
MARGIN = 0.03  # degrees, about 3 km: towns designate shelters just outside their own boundary
CODES = sorted(p.name for p in PACKS.iterdir() if p.is_dir())


def rows(code: str, name: str) -> list[dict[str, str]]:
    file = PACKS / code / name
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def pack(code: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((PACKS / code / "pack.json").read_text(encoding="utf-8"))
    return value


def metres(lat: float, lon: float, lat2: float, lon2: float) -> float:
    width = math.cos(math.radians((lat + lat2) / 2))
    return 111_195 * math.hypot(lat2 - lat, (lon2 - lon) * width)


def test_tokyo_and_itami_are_there_and_the_forty_are_served() -> None:
    with (PACKS / "index.csv").open(encoding="utf-8", newline="") as handle:
        index = list(csv.DictReader(handle))
    assert [r["code"] for r in index] == CODES
    assert len(CODES) == 63
    assert {r["name"] for r in index if r["served"] == "true"} == {*TAMA, *ISLANDS, "伊丹市"}
    assert {r["name"] for r in index if r["region"] == "島しょ"} == ISLANDS
    assert {r["name"] for r in index if r["county"]} == {"瑞穂町", "日の出町", "檜原村", "奥多摩町"}
    assert all(pack(r["code"])["served"] == (r["served"] == "true") for r in index)


def test_size_of_all_packs() -> None:
    assert sum(f.stat().st_size for f in PACKS.rglob("*") if f.is_file()) < 12_000_000


@pytest.mark.parametrize("code", CODES)
def test_every_file_is_named_with_source_credit_and_licence(code: str) -> None:
    files = {f["name"]: f for f in pack(code)["files"]}
    assert set(files) == {f.name for f in (PACKS / code).iterdir()}
    for name, file in files.items():
        assert file["source"]
        assert file["credit"]
        parts = file["licence"].replace("; ", " / ").split(" / ")
        assert set(parts) <= set(LICENCES), file
        if name.endswith(".csv"):
            assert file["rows"] == len(rows(code, name))


@pytest.mark.parametrize("code", CODES)
def test_columns_and_line_ends(code: str) -> None:
    for name, header in COLUMNS.items():
        file = PACKS / code / name
        if file.exists():
            text = file.read_bytes()
            assert text.split(b"\n", 1)[0].decode() == header
            assert b"\r" not in text
            assert not text.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("code", CODES)
def test_files_every_town_has(code: str) -> None:
    names = {f["name"] for f in pack(code)["files"]}
    assert names >= {"pack.json", "addresses.csv", "places.csv", "boundary.geojson", "postal.csv"}
    assert ("shelters.csv" in names) == pack(code)["served"]


@pytest.mark.parametrize("code", CODES)
def test_points_lie_in_the_town_with_an_honest_radius(code: str) -> None:
    west, south, east, north = pack(code)["bounds"]
    for name in ("addresses.csv", "places.csv", "shelters.csv"):
        margin = MARGIN if name == "shelters.csv" else 0.02
        for row in rows(code, name):
            if not row["lat"]:
                assert row["kind"] == "river"
                assert not row["lon"]
                assert not row["radius_m"]
                continue
            assert south - margin <= float(row["lat"]) <= north + margin, row
            assert west - margin <= float(row["lon"]) <= east + margin, row
            if name != "shelters.csv":
                assert int(row["radius_m"]) >= 60, row


@pytest.mark.parametrize("code", CODES)
def test_addresses_are_distinct_and_end_with_the_town_itself(code: str) -> None:
    found = rows(code, "addresses.csv")
    names = [r["town_area"] for r in found]
    assert len(names) == len(set(names))
    assert {r["kind"] for r in found} <= ADDRESS_KINDS
    assert [r for r in found if r["kind"] == "town"] == [found[-1]]
    hall = pack(code)["hall"]
    assert float(found[-1]["lat"]) == pytest.approx(hall["lat"], abs=1e-5)
    assert float(found[-1]["lon"]) == pytest.approx(hall["lon"], abs=1e-5)
    for row in found:
        assert (row["chome"] != "") == row["town_area"].endswith("丁目")
        assert row["town_area"].removeprefix("大字").startswith(row["oaza"])


@pytest.mark.parametrize("code", CODES)
def test_every_oaza_of_a_chome_has_a_row_of_its_own(code: str) -> None:
    found = rows(code, "addresses.csv")
    oaza = {r["oaza"] for r in found if r["kind"] == "oaza"}
    assert {r["oaza"] for r in found if r["kind"] == "chome"} - oaza <= {"令和島", "海の森"}


@pytest.mark.parametrize("code", CODES)
def test_places_have_known_kinds_and_clean_aliases(code: str) -> None:
    for row in rows(code, "places.csv"):
        assert row["kind"] in PLACE_KINDS
        aliases = row["aliases"].split(";") if row["aliases"] else []
        assert row["name"] not in aliases
        assert len(aliases) == len(set(aliases))
        assert all(len(a) >= 2 for a in aliases), row
    assert sum(r["kind"] == "hall" for r in rows(code, "places.csv")) == 1


@pytest.mark.parametrize("code", CODES)
def test_a_shelter_stands_once(code: str) -> None:
    found = rows(code, "shelters.csv")
    assert len({r["id"] for r in found}) == len(found)
    for row in found:
        assert "1" in (row["shelter"], row["emergency"])
    by_name: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in found:
        by_name.setdefault((row["name"], row["shelter"] + row["emergency"]), []).append(row)
    for (name, kinds), group in by_name.items():
        if kinds != "11" and (other := by_name.get((name, "10" if kinds == "01" else "01"))):
            a, b = group[0], other[0]
            apart = metres(*(float(r[c]) for r in (a, b) for c in ("lat", "lon")))
            assert apart > 300, name


@pytest.mark.parametrize("code", CODES)
def test_boundary_is_valid_and_holds_the_hall(code: str) -> None:
    feature = json.loads((PACKS / code / "boundary.geojson").read_text(encoding="utf-8"))
    outline = shape(feature["geometry"])
    assert outline.geom_type == "MultiPolygon"
    assert outline.is_valid
    west, south, east, north = pack(code)["bounds"]
    assert box(west, south, east, north).buffer(1e-6).covers(outline)
    hall = pack(code)["hall"]
    assert outline.buffer(0.005).contains(Point(hall["lon"], hall["lat"]))


@pytest.mark.parametrize("code", CODES)
def test_weather_codes_form_one_chain(code: str) -> None:
    jma = pack(code)["jma"]
    assert jma["city"] == jma["class20"] == code + "00"
    assert jma["office"] == ("280000" if code == "28207" else "130000")
    assert jma["area_local"] == jma["class15"]
    assert jma["class15"][:2] == jma["class10"][:2] == jma["office"][:2]


def test_blocks_of_chofu_are_its_addresses() -> None:
    value = json.loads((PACKS / "13208" / "blocks.geojson").read_text(encoding="utf-8"))
    names = {f["properties"]["town_area"] for f in value["features"]}
    known = {r["town_area"] for r in rows("13208", "addresses.csv")}
    assert len(names) == 103
    assert names - known <= {"下布田"}
    people = rows("13208", "population.csv")
    assert {r["town_area"] for r in people} <= known
    assert all(int(r["male"]) + int(r["female"]) == int(r["total"]) for r in people)
    assert sum(int(r["total"]) for r in people) == pack("13208")["population"]["total"]


def test_facts_that_anyone_can_check() -> None:
    def named(code: str, name: str) -> dict[str, str]:
        return next(
            r for r in rows(code, "places.csv") if name in (r["name"], *r["aliases"].split(";"))
        )

    first = named("13208", "調布一小")
    assert first["name"] == "第一小学校"
    station = named("13208", "調布駅")
    away = metres(35.6519, 139.5447, float(station["lat"]), float(station["lon"]))
    assert away < 150
    estate = named("13208", "多摩川住宅")
    assert estate["address"] == "調布市染地三丁目"
    rivers = {r["name"] for r in rows("13208", "places.csv") if r["kind"] == "river"}
    assert {"多摩川", "野川", "仙川"} <= rivers
    assert [r["kind"] for r in rows("13362", "addresses.csv")] == ["town"]  # 利島村 has no oaza
    assert int(rows("13362", "addresses.csv")[0]["radius_m"]) < 3_000
