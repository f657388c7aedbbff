"""Walking order against what can be said without the code: all places once, and no detours."""

import math

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.paper.data import Stop
from madoguchi.channels.paper.engine import walking

METRES = st.integers(-5000, 5000).map(float)
STOPS = st.lists(st.tuples(METRES, METRES), max_size=12, unique=True).map(
    lambda points: [Stop(f"{n:03d}", x, y) for n, (x, y) in enumerate(points)]
)
HALL = (0.0, 0.0)


@given(STOPS)
def test_every_place_once_and_the_same_order_again(stops: list[Stop]) -> None:
    way = walking.order(stops, HALL)
    assert sorted(way, key=lambda s: s.key) == stops
    assert walking.order(stops[::-1], HALL) == way


@given(STOPS, st.data())
def test_no_part_can_be_turned_round_to_shorten_it(stops: list[Stop], data: st.DataObject) -> None:
    way = walking.order(stops, HALL)
    if len(way) < 2:
        return
    first = data.draw(st.integers(0, len(way) - 2))
    last = data.draw(st.integers(first + 1, len(way) - 1))
    turned = way[:first] + way[first : last + 1][::-1] + way[last + 1 :]
    assert walking.length(way, HALL) <= walking.length(turned, HALL) + 1e-3


def test_houses_along_a_road_are_walked_in_their_order() -> None:
    road = [Stop(f"{n}", 100.0 + 30.0 * n, 0.0) for n in (3, 0, 4, 1, 2)]
    assert [stop.key for stop in walking.order(road, HALL)] == ["0", "1", "2", "3", "4"]


def test_the_length_is_that_of_the_plane() -> None:
    assert math.isclose(walking.length([Stop("a", 3.0, 4.0), Stop("b", 3.0, 0.0)], HALL), 9.0)
