import pytest

from madoguchi.kernel.places import api
from madoguchi.kernel.places.data import Accuracy, Point
from madoguchi.kernel.places.engine.gazetteer import Gazetteer

CHOFU_HALL = Point(35.650556, 139.540833)
FUCHU_HALL = Point(35.668889, 139.477778)


def test_one_degree_of_latitude() -> None:
    assert api.distance_m(Point(35, 139), Point(36, 139)) == pytest.approx(111_195, rel=1e-4)


def test_no_distance_to_itself() -> None:
    assert api.distance_m(CHOFU_HALL, CHOFU_HALL) == 0


def test_inside_by_the_boundary() -> None:
    assert api.inside("13208", CHOFU_HALL)
    assert not api.inside("13208", FUCHU_HALL)
    assert api.inside("13206", FUCHU_HALL)


def test_the_nearest_block_names_a_point(tokyo: Gazetteer) -> None:
    place = api.nearest(tokyo, CHOFU_HALL, "13208")
    assert (place.label, place.accuracy) == ("調布市小島町二丁目", Accuracy.BLOCK)


def test_the_point_of_a_block_is_nearest_to_itself(tokyo: Gazetteer) -> None:
    town = tokyo.towns["13208"]
    chomes = [block for block in town.blocks if block.chome]
    assert len(chomes) > 90
    for block in chomes:
        assert api.nearest(tokyo, block.point, "13208").label == "調布市" + block.area
