"""Searching the shelters."""

import pytest

from madoguchi.kernel.places.data import Point
from madoguchi.kernel.towns import pack
from madoguchi.web.shelters import Found, Hazard, Shelter, hazards_of, of_town, search


def shelter(name: str, address: str, lat: float, hazards: set[Hazard] | None = None) -> Shelter:
    return Shelter(
        name, address, Point(lat, 139.5), True, bool(hazards), frozenset(hazards or ()), None, ""
    )


NEAR = shelter("第一小学校", "調布市小島町1", 35.651)
FAR = shelter("第二小学校", "調布市布田5", 35.70, {Hazard.FLOOD, Hazard.EARTHQUAKE})
PARK = shelter("中央公園", "調布市布田1", 35.66, {Hazard.EARTHQUAKE})
ALL = [FAR, NEAR, PARK]


def names(found: list[Found]) -> list[str]:
    return [row.shelter.name for row in found]


def test_nearest_first_with_the_distance_in_metres() -> None:
    found = search(ALL, near=Point(35.65, 139.5))
    assert names(found) == ["第一小学校", "中央公園", "第二小学校"]
    # a thousandth of a degree of latitude is 111 m
    assert found[0].distance_m == pytest.approx(111, abs=2)
    assert [row.distance for row in found] == ["110 m", "1.1 km", "5.6 km"]


def test_without_a_place_the_order_of_the_pack_and_no_distance() -> None:
    found = search(ALL)
    assert names(found) == ["第二小学校", "第一小学校", "中央公園"]
    assert {row.distance for row in found} == {""}


def test_by_district_name_and_disaster() -> None:
    assert names(search(ALL, text="布田")) == ["第二小学校", "中央公園"]
    assert names(search(ALL, text="布田", hazard=Hazard.FLOOD)) == ["第二小学校"]
    assert names(search(ALL, text="ない町")) == []


def test_only_disasters_that_somebody_serves_are_offered() -> None:
    assert hazards_of(ALL) == [Hazard.FLOOD, Hazard.EARTHQUAKE]
    assert FAR.kinds == [Hazard.FLOOD, Hazard.EARTHQUAKE]


@pytest.mark.parametrize("code", [town.code for town in pack.all_packs() if town.served])
def test_the_shelters_of_every_town_can_be_read(code: str) -> None:
    expected = sum(1 for _ in pack.load(code).rows("shelters.csv"))
    assert len(of_town(code)) == expected
