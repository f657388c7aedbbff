"""Tags to what is drawn."""

import pytest

from madoguchi.ui.basemap.engine.kinds import Kind, is_water, line_kind, name_of


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "motorway_link"}, Kind.MOTORWAY),
        ({"highway": "trunk", "tunnel": "yes"}, Kind.TRUNK),
        ({"highway": "residential"}, Kind.MINOR),
        ({"highway": "pedestrian", "area": "yes"}, None),
        ({"highway": "primary", "area": "yes"}, None),
        ({"highway": "footway"}, None),
        ({"waterway": "river"}, Kind.RIVER),
        ({"waterway": "stream", "tunnel": "culvert"}, None),
        ({"waterway": "stream", "tunnel": "no"}, Kind.STREAM),
        ({"railway": "rail"}, Kind.RAIL),
        ({"railway": "rail", "service": "yard"}, None),
        ({"railway": "abandoned"}, None),
        ({"building": "yes"}, None),
        ({}, None),
    ],
)
def test_lines(tags: dict[str, str], kind: Kind | None) -> None:
    assert line_kind(tags) is kind


def test_water() -> None:
    assert is_water({"natural": "water"})
    assert is_water({"waterway": "riverbank"})
    assert is_water({"landuse": "reservoir"})
    assert not is_water({"natural": "wood"})
    assert not is_water({"waterway": "river"})


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ({"name": "Tama", "name:ja": "見本川"}, "見本川"),
        ({"name": "見本\u202e川\t 通り\u0007"}, "見本 川 通り"),
        ({"name": "長" * 300}, "長" * 40),
        ({}, ""),
    ],
)
def test_names_are_japanese_short_and_without_control_characters(tags, name) -> None:
    assert name_of(tags) == name
