"""The pure parts of the packs' builder; it reads no source here."""

import math
import sys
from pathlib import Path

import pytest
from shapely.geometry import box

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from packs.addresses import Reach, kanji_number, read
from packs.geometry import cells, distance_m, reach, samples
from packs.outlines import from_topojson
from packs.places import Spot, aliases_of, kind_of, unique
from packs.shelters import Shelter, base_name, merged
from packs.sources import Town

CHOFU = Town("13208", "132080", "東京都", "調布市", "ちょうふし", "", 35.65, 139.54, "", "")


def shelter(id_: str, name: str, lat: float = 35.65, *, emergency: bool = False) -> Shelter:
    hazards = frozenset({"flood"}) if emergency else frozenset[str]()
    return Shelter(id_, name, "", lat, 139.54, not emergency, emergency, hazards, "", "")


@pytest.mark.parametrize(
    ("text", "number"),
    [("一", 1), ("九", 9), ("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31)],
)
def test_kanji_number(text: str, number: int) -> None:
    assert kanji_number(text) == number


def test_distance_of_one_degree_of_latitude() -> None:
    assert distance_m(35, 139, 36, 139) == pytest.approx(math.radians(1) * 6_371_008.8)


def test_cells_share_the_area_between_the_points() -> None:
    left, right = cells([(25.0, 50.0), (75.0, 50.0)], box(0, 0, 100, 100))
    assert left.bounds == pytest.approx((0, 0, 50, 100))
    assert right.area == pytest.approx(5_000)


def test_reach_holds_the_share_of_a_disc() -> None:
    disc = box(0, 0, 1, 1).centroid.buffer(1000, quad_segs=64)
    centre = (0.5, 0.5)
    found = reach(centre, samples(disc, about=20_000), 0.95)
    assert found == pytest.approx(1000 * math.sqrt(0.95), rel=0.01)


def test_radius_of_a_drawn_block_is_its_own_reach() -> None:
    rows = [{"town": "布田一丁目", "koaza": "", "lat": 35.65, "lng": 139.54}]
    areas = read(rows, CHOFU)
    block = box(139.539, 35.649, 139.541, 35.651)
    town = box(139.5, 35.6, 139.6, 35.7)
    drawn = Reach(CHOFU, areas, town, {"布田一丁目": block}).radius(areas[0])
    guessed = Reach(CHOFU, areas, town, {}).radius(areas[0])
    assert 110 <= drawn <= 145  # half diagonal 143 m
    assert guessed > 3_000  # the whole town is nearest to its only block


def test_rows_that_name_no_area_are_left_out() -> None:
    rows = [
        {"town": n, "koaza": "", "lat": 35.65, "lng": 139.54} for n in ("（大字なし）", "調布市")
    ]
    assert read(rows, CHOFU) == []


def test_base_name_drops_founder_and_part_only() -> None:
    assert base_name("調布市立第一小学校（校庭）") == "第一小学校"
    assert base_name("三宅村立三宅中学校体育館") == "三宅中学校"
    assert base_name("市民総合体育館") == "市民総合体育館"
    assert base_name("桜グラウンド") == "桜グラウンド"
    assert base_name("国立市役所") == "国立市役所"


def test_same_place_of_both_lists_becomes_one_row() -> None:
    rows = [
        shelter("E1", "調布市立布田小学校"),
        shelter("E2", "布田小学校（校庭）", 35.6505, emergency=True),
    ]
    (one,) = merged(rows)
    assert (one.id, one.name, one.shelter, one.emergency) == (
        "E1",
        "調布市立布田小学校",
        True,
        True,
    )
    assert one.hazards == {"flood"}


def test_parts_of_a_school_and_far_namesakes_stay_apart() -> None:
    parts = [
        shelter("E1", "北小学校（体育館）"),
        shelter("E2", "北小学校（校庭）", emergency=True),
        shelter("E3", "北小学校（校舎）", emergency=True),
    ]
    assert len(merged(parts)) == 3
    far = [shelter("E1", "中央公園"), shelter("E2", "中央公園", 35.66, emergency=True)]
    assert len(merged(far)) == 2


def test_aliases_of_a_numbered_school() -> None:
    assert set(aliases_of("調布市立第一小学校", CHOFU)) == {
        *("第一小学校", "第一小", "一小", "調布第一小学校", "調布第一小", "調布一小"),
    }


def test_aliases_never_cut_a_name_in_its_middle() -> None:
    assert aliases_of("調布ヶ丘地域福祉センター", CHOFU) == ()
    assert set(aliases_of("調布中学校", CHOFU)) == {"調布中", "調布市立調布中学校"}
    assert aliases_of("染地コミュニティ・センター", CHOFU) == (
        "染地コミュニティセンター",
        "染地コミセン",
    )


def test_kinds() -> None:
    assert kind_of("多摩川小学校", "shelter") == "school"
    assert kind_of("多摩森林科学園", "shelter") == "facility"
    assert kind_of("是政橋", "shelter") == "bridge"
    assert kind_of("ラピオン", "shelter") == "shelter"


def test_one_place_under_one_name_keeps_the_first_point() -> None:
    exact = Spot("深大寺", "facility", (), 35.6677, 139.5505, 150, "", "a")
    rough = Spot("深大寺", "facility", ("深大寺の門前",), 35.668, 139.551, 600, "元町", "b")
    namesake = Spot("深大寺", "facility", (), 35.70, 139.60, 150, "", "c")
    first, second = unique([exact, rough, namesake])
    assert (first.source, first.aliases, first.address) == ("a", ("深大寺の門前",), "元町")
    assert second.source == "c"


def test_topojson_arcs_are_joined_and_turned() -> None:
    topology = {
        "arcs": [[[0, 0], [1, 0], [1, 1]], [[0, 0], [0, 1], [1, 1]]],
        "objects": {
            "town": {
                "geometries": [{"type": "Polygon", "arcs": [[0, -2]], "properties": {"n": "甲"}}]
            }
        },
    }
    assert from_topojson(topology, "town", "n")["甲"].equals(box(0, 0, 1, 1))
