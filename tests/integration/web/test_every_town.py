"""Each of the 40 towns opens, answers with its name, has a map and finds its own addresses."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.data import Accuracy
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import current, pack

SERVED = [each for each in pack.all_packs() if each.served]


def test_there_are_forty() -> None:
    assert len(SERVED) == 40


@pytest.mark.parametrize("chosen", SERVED, ids=lambda chosen: chosen.name)
def test_it_opens_shows_its_name_and_has_a_map(db: None, chosen: pack.Pack) -> None:
    town = towns.create_town(chosen.code)
    with current.use(town.pk):
        home = Client().get("/")
        assert home.status_code == 200
        assert chosen.name in home.content.decode()
        base = Client().get(reverse("map_config"))
        assert base.status_code == 200
        assert base.json()["town"] == chosen.name


@pytest.mark.parametrize("chosen", SERVED, ids=lambda chosen: chosen.name)
def test_it_finds_its_hall_and_a_block_of_its_own(chosen: pack.Pack) -> None:
    names = places.gazetteer_for(chosen.code)
    hall = places.locate(names, f"{chosen.prefecture}{chosen.name}", chosen.code)
    assert hall.municipality.endswith(chosen.name)
    assert hall.place.accuracy is Accuracy.TOWN
    assert hall.place.radius_m > 0
    rows = [row for row in chosen.rows("addresses.csv") if row["kind"] != "town"]
    if rows:
        row = rows[len(rows) // 2]
        found = places.locate(names, f"{chosen.name}{row['town_area']}", chosen.code)
        assert found.town_area == row["town_area"]
        assert found.place.point is not None
        assert found.place.radius_m == int(row["radius_m"])


@pytest.mark.parametrize("village", ["利島村", "御蔵島村", "青ヶ島村"])
def test_a_village_without_oaza_stands_at_its_hall_with_an_honest_radius(village: str) -> None:
    chosen = pack.by_name(village)
    found = places.locate(places.gazetteer_for(chosen.code), f"東京都{village}", chosen.code)
    assert found.place.point is not None
    assert places.distance_m(found.place.point, _hall(chosen)) < 1000
    assert found.place.radius_m >= 1000


def _hall(chosen: pack.Pack) -> places.Point:
    return places.Point(chosen.hall.lat, chosen.hall.lon)


def test_the_command_locates_without_a_database(tmp_path: object, capsys: object) -> None:
    from pathlib import Path

    from madoguchi.kernel.places import locate

    table = Path(str(tmp_path)) / "in.csv"
    table.write_text("番号,住所\n1,調布市布田5-1-2\n", encoding="cp932")
    out, err = io.StringIO(), io.StringIO()
    assert locate.run(str(table), "住所", None, out, err) == 0
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert (row["市区町村"], row["町字"], row["番地"]) == ("調布市", "布田五丁目", "1-2")
