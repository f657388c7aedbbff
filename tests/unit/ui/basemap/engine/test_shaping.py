"""Cut, joined, simplified: held against geometry on the ellipsoid (pyproj) and point by point."""

import io
import json
import random
from typing import Any

import pytest
import shapely
from pyproj import Geod, Transformer
from shapely.geometry import Point, shape

from madoguchi.kernel.towns import pack
from madoguchi.ui.basemap.engine import gathering, shaping
from madoguchi.ui.basemap.engine.kinds import Kind

GEOD = Geod(ellps="WGS84")
LON, LAT = 139.55, 35.65
LON_M, LAT_M = 90_530.0, 110_950.0  # metres of a degree there, to a few permille


def square(side_m: float) -> dict[str, Any]:
    """A town whose border is a square around the middle."""
    x, y = side_m / 2 / LON_M, side_m / 2 / LAT_M
    ring = [[LON - x, LAT - y], [LON + x, LAT - y], [LON + x, LAT + y], [LON - x, LAT + y]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}


REGION = shaping.Region(square(2_000))
FINE = shaping.Plan(0.0)


def at(x: float, y: float) -> tuple[float, float]:
    """Metres from the middle to degrees."""
    return LON + x / LON_M, LAT + y / LAT_M


def draw(text: str, region: shaping.Region = REGION, plan: shaping.Plan = FINE) -> Any:
    """The collection that a file gives."""
    gathered = gathering.gather(lambda: io.BytesIO(text.encode()), region.box)
    found = shaping.shapes(gathered, region)
    return json.loads(shaping.collection(found, region.plane, plan, "2026-07-01"))


def length_m(feature: Any) -> float:
    """The length of a feature on the ellipsoid."""
    return GEOD.geometry_length(shape(feature["geometry"]))


def test_the_region_reaches_a_kilometre_beyond_the_town() -> None:
    region = shapely.transform(REGION.area, REGION.plane.degrees)
    west, south, east, north = region.bounds
    for lon, lat, edge in ((west, LAT, "west"), (east, LAT, "east")):
        assert GEOD.inv(LON, LAT, lon, lat)[2] == pytest.approx(2_000, abs=10), edge
    for lat in (south, north):
        assert GEOD.inv(LON, LAT, LON, lat)[2] == pytest.approx(2_000, abs=10)


@pytest.mark.parametrize("code", ["13208", "13205", "13421", "28207"])
def test_a_real_town_is_widened_by_a_kilometre_on_all_sides(code: str) -> None:
    boundary = pack.load(code).geojson("boundary.geojson")
    assert boundary is not None
    region = shapely.transform((made := shaping.Region(boundary)).area, made.plane.degrees)
    town = shape(boundary["geometry"])
    draw_lots = random.Random(code)
    corners = shapely.get_coordinates(town)
    for lon, lat in draw_lots.sample(corners.tolist(), 10):
        for bearing in range(0, 360, 45):
            inside, outside = (GEOD.fwd(lon, lat, bearing, far)[:2] for far in (900, 1100))
            assert region.contains(Point(inside))
            if _distance_m(town, outside) > 1_100:
                assert not region.contains(Point(outside))


def _distance_m(town: Any, point: tuple[float, float]) -> float:
    """From a point to the town, on a plane that touches the earth at the point."""
    flat = Transformer.from_crs(
        4326, f"+proj=aeqd +lon_0={point[0]} +lat_0={point[1]} +ellps=WGS84", always_xy=True
    )
    near = town.intersection(Point(point).buffer(0.1))
    projected = shapely.transform(
        near, lambda c: shapely.get_coordinates(shapely.points(*flat.transform(c[:, 0], c[:, 1])))
    )
    return float(projected.distance(Point(0, 0)))


def test_a_road_through_the_town_is_cut_at_both_edges(osm) -> None:
    text = osm.text(
        osm.node(1, *at(-9_000, 0)),
        osm.node(2, *at(0, 0)),
        osm.node(3, *at(9_000, 0)),
        osm.way(1, [1, 2], highway="primary", name="見本通り"),
        osm.way(2, [2, 3], highway="primary", name="見本通り"),
    )
    [road] = draw(text)["features"]
    assert road["properties"] == {"kind": "primary", "name": "見本通り"}
    assert len(road["geometry"]["coordinates"]) == 1  # joined
    assert length_m(road) == pytest.approx(4_000, abs=20)


def test_what_is_drawn_of_many_lines_is_what_lies_in_the_region(osm) -> None:
    lots = random.Random(7)
    pieces, ways = [], []
    for ident in range(60):
        corners = [at(lots.uniform(-2_900, 2_900), lots.uniform(-2_900, 2_900)) for _ in range(4)]
        pieces += [osm.node(ident * 4 + i, *corner) for i, corner in enumerate(corners)]
        ways.append(osm.way(ident, range(ident * 4, ident * 4 + 4), highway="tertiary"))
    text = osm.text(*pieces, *ways)
    [drawn] = draw(text)["features"]
    region = shapely.transform(REGION.area, REGION.plane.degrees)
    source = shapely.MultiLineString(
        [
            [[float(v) for v in p.split('"')[3:6:2]] for p in pieces[i : i + 4]]
            for i in range(0, 240, 4)
        ]
    )
    expected = GEOD.geometry_length(source.intersection(region))
    assert length_m(drawn) == pytest.approx(expected, rel=2e-3)
    geometry = shape(drawn["geometry"])
    for _ in range(300):
        line = lots.choice(list(source.geoms))
        point = line.interpolate(lots.random(), normalized=True)
        if region.boundary.distance(point) > 1e-4:
            assert (geometry.distance(point) < 2e-5) == region.contains(point)


def test_a_road_with_a_missing_node_is_drawn_in_two_stretches(osm) -> None:
    nodes = [osm.node(i, *at(i * 100, 0)) for i in range(6) if i != 3]
    [road] = draw(osm.text(*nodes, osm.way(1, range(6), highway="primary")))["features"]
    assert len(road["geometry"]["coordinates"]) == 2
    assert length_m(road) == pytest.approx(300, abs=3)


def water(osm, *, whole: bool = True) -> str:
    """A wide river of two banks and two ends, from far west to far east, with an island."""
    banks = [
        at(-9_000, -100),
        at(0, -100),
        at(9_000, -100),
        at(9_000, 100),
        at(0, 100),
        at(-9_000, 100),
    ]
    island = [at(-50, -20), at(50, -20), at(50, 20), at(-50, 20)]
    return osm.text(
        *(osm.node(i, *place) for i, place in enumerate(banks)),
        *(osm.node(10 + i, *place) for i, place in enumerate(island)),
        osm.way(1, [0, 1, 2]),
        osm.way(2, [5, 4, 3]),
        osm.way(3, [2, 3]),
        *([osm.way(4, [0, 5])] if whole else []),
        osm.way(5, [10, 11, 12, 13, 10]),
        osm.relation(
            *(1, [(1, "outer"), (2, "outer"), (3, "outer"), (4, "outer"), (5, "inner")]),
            **{"type": "multipolygon", "natural": "water", "name": "見本川"},
        ),
    )


def test_a_river_of_several_banks_keeps_its_island_and_ends_at_the_edge(osm) -> None:
    [river] = draw(water(osm))["features"]
    assert river["properties"] == {"kind": "water", "name": "見本川"}
    area = shape(river["geometry"])
    assert area.is_valid
    assert abs(GEOD.geometry_area_perimeter(area)[0]) == pytest.approx(
        4_000 * 200 - 100 * 40, rel=0.01
    )
    assert not area.contains(Point(at(0, 0)))
    assert area.contains(Point(at(0, 50)))
    assert not area.contains(Point(at(0, 150)))
    assert not area.contains(Point(at(2_500, 50)))


def test_banks_with_a_gap_close_nothing(osm) -> None:
    assert draw(water(osm, whole=False))["features"] == []


def test_simplification_stays_within_its_tolerance_and_says_so(osm) -> None:
    lots = random.Random(3)
    places = [at(x * 10, lots.uniform(-4, 4)) for x in range(-90, 90)]
    nodes = [osm.node(i, *place) for i, place in enumerate(places)]
    text = osm.text(*nodes, osm.way(1, range(180), waterway="river"))
    fine = draw(text)["features"][0]
    coarse = draw(text, plan=shaping.Plan(5.0))
    assert coarse["tolerance_m"] == 5.0
    [part] = coarse["features"][0]["geometry"]["coordinates"]
    assert len(part) < len(fine["geometry"]["coordinates"][0]) / 4
    line = shape(coarse["features"][0]["geometry"])
    assert all(line.distance(Point(place)) * LAT_M < 7 for place in places)


def test_the_finest_plan_that_fits_is_taken(osm) -> None:
    lots = random.Random(5)
    elements = []
    for ident, tags in enumerate(
        [{"highway": "residential"}] * 30 + [{"waterway": "stream"}] * 5 + [{"highway": "trunk"}]
    ):
        first = ident * 40
        elements += [
            osm.node(first + i, *at(i * 40 - 800, ident * 40 - 800 + lots.uniform(-3, 3)))
            for i in range(40)
        ]
        elements.append(osm.way(ident, range(first, first + 40), **tags))
    text = osm.text(*elements)
    gathered = gathering.gather(lambda: io.BytesIO(text.encode()), REGION.box)
    found = shaping.shapes(gathered, REGION)

    def fit(most: int) -> tuple[bytes, shaping.Plan]:
        return shaping.fit(found, REGION.plane, "2026-07-01", bytes, most)

    sizes = [
        len(shaping.collection(found, REGION.plane, plan, "2026-07-01")) for plan in shaping.PLANS
    ]
    assert fit(sizes[0]) == (
        shaping.collection(found, REGION.plane, shaping.PLANS[0], "2026-07-01"),
        shaping.PLANS[0],
    )
    assert fit(sizes[1])[1] == shaping.PLANS[1]
    packed, plan = fit(sizes[-1])
    assert plan.without >= {Kind.MINOR, Kind.STREAM}
    assert [f["properties"]["kind"] for f in json.loads(packed)["features"]] == ["trunk"]
    with pytest.raises(shaping.TooLarge):
        fit(10)


def test_the_lowest_is_drawn_first_and_the_credit_is_there(osm) -> None:
    text = osm.text(
        *(osm.node(i, *at(i * 100, i * 50)) for i in range(4)),
        osm.way(1, [0, 1], railway="rail"),
        osm.way(2, [1, 2], highway="residential"),
        osm.way(3, [2, 3], waterway="river"),
        osm.way(4, [0, 3], highway="motorway"),
    )
    value = draw(text)
    assert [f["properties"]["kind"] for f in value["features"]] == [
        *("river", "minor", "motorway", "rail"),
    ]
    assert value["credit"] == "© OpenStreetMap contributors (ODbL)"
    assert value["imported_on"] == "2026-07-01"
