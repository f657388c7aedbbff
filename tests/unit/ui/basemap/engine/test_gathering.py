"""What belongs to a box, whatever the order of the file and however large the rest of it."""

import io
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.ui.basemap.engine import gathering
from madoguchi.ui.basemap.engine.elements import BadMap
from madoguchi.ui.basemap.engine.kinds import Kind

BOX = (139.0, 35.0, 140.0, 36.0)


def gather(text: str) -> gathering.Gathered:
    """Gather from a text."""
    return gathering.gather(lambda: io.BytesIO(text.encode()), BOX)


def lake(osm) -> list[str]:
    """A lake of two outer ways that lies partly outside the box, with an island; and a road."""
    return [
        *(osm.node(i, lon, 35.5) for i, lon in ((1, 139.5), (2, 140.5))),
        *(osm.node(i, lon, 35.7) for i, lon in ((3, 140.5), (4, 139.5))),
        *(
            osm.node(10 + i, *at)
            for i, at in enumerate([(139.6, 35.55), (139.7, 35.55), (139.6, 35.6)])
        ),
        osm.way(1, [1, 2, 3]),
        osm.way(2, [3, 4, 1]),
        osm.way(3, [10, 11, 12, 10]),
        osm.way(4, [2, 3], highway="primary"),
        osm.way(5, [4, 2], highway="trunk", name="見本通り"),
        osm.way(6, [4, 2], building="yes"),
        osm.way(7, [10, 11, 12, 10], natural="water", name="小池"),
        osm.relation(
            1,
            [(1, "outer"), (2, ""), (3, "inner")],
            type="multipolygon",
            natural="water",
            name="湖",
        ),
        osm.relation(2, [(4, "outer")], type="multipolygon", natural="water"),
        osm.relation(3, [(1, "outer")], type="boundary"),
    ]


def shown(found: gathering.Gathered) -> tuple[object, object]:
    """What was gathered, without regard to order."""
    points = lambda ids: tuple(map(tuple, found.nodes.find(ids)[0].tolist()))  # noqa: E731
    lines = sorted((line.kind, line.name, points(line.nodes)) for line in found.lines)
    areas = sorted(
        (area.name, sorted(map(points, area.outer)), sorted(map(points, area.inner)))
        for area in found.areas
    )
    return lines, areas


def test_only_what_touches_the_box_and_all_that_it_needs(osm) -> None:
    lines, areas = shown(gather(osm.text(*lake(osm))))
    assert lines == [(Kind.TRUNK, "見本通り", ((139.5, 35.7), (140.5, 35.5)))]
    island = ((139.6, 35.55), (139.7, 35.55), (139.6, 35.6), (139.6, 35.55))
    south = ((139.5, 35.5), (140.5, 35.5), (140.5, 35.7))
    north = ((140.5, 35.7), (139.5, 35.7), (139.5, 35.5))
    assert areas == [("小池", [island], []), ("湖", [south, north], [island])]


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_elements_does_not_matter(osm, random) -> None:
    elements = lake(osm)
    expected = shown(gather(osm.text(*elements)))
    random.shuffle(elements)
    assert shown(gather(osm.text(*elements))) == expected


def test_missing_nodes_and_members_are_left_out(osm) -> None:
    found = gather(
        osm.text(
            osm.node(1, 139.5, 35.5),
            osm.way(1, [1, 99], highway="primary"),
            osm.way(2, [98, 99], highway="primary"),
            osm.way(3, [], highway="primary"),
            osm.way(4, [1, 97, 1]),
            osm.relation(1, [(4, "outer"), (96, "outer")], type="multipolygon", natural="water"),
        )
    )
    [line] = found.lines
    points, known = found.nodes.find(line.nodes)
    assert known.tolist() == [True, False]
    assert points[0].tolist() == [139.5, 35.5]
    [area] = found.areas
    assert [ids.tolist() for ids in area.outer] == [[1, 97, 1]]


def test_an_empty_file_gives_nothing(osm) -> None:
    found = gather(osm.text())
    assert (found.lines, found.areas, len(found.nodes)) == ([], [], 0)


def test_a_point_given_twice_counts_as_given_last() -> None:
    nodes = gathering.Nodes()
    for lon in (1.0, 2.0):
        nodes.add(5, lon, 0.0)
    points, known = nodes.find(np.array([5, 4]))
    assert (points[0].tolist(), known.tolist()) == ([2.0, 0.0], [True, False])


def test_too_many_corners_in_the_box_are_refused(osm, monkeypatch) -> None:
    monkeypatch.setattr(gathering, "MOST_CORNERS", 3)
    road = [osm.node(1, 139.5, 35.5), *(osm.way(i, [1, 1], highway="primary") for i in (1, 2))]
    with pytest.raises(BadMap, match="多すぎます"):
        gather(osm.text(*road))


class Country(io.RawIOBase):
    """Forty thousand roads far from the box, made while they are read."""

    def __init__(self) -> None:
        self._pieces = self._made()

    def readable(self) -> bool:
        return True

    def read(self, _size: int = -1) -> bytes:
        return next(self._pieces, b"")

    @staticmethod
    def _made() -> Iterator[bytes]:
        yield b"<osm>"
        for ident in range(40_000):
            tag = b'<tag k="highway" v="primary"/>'
            ends = b"".join(
                b'<node id="%d" lon="135.%d" lat="34.5"/>' % (ident * 2 + n, ident) for n in (0, 1)
            )
            refs = b'<nd ref="%d"/><nd ref="%d"/>' % (ident * 2, ident * 2 + 1)
            yield ends + b'<way id="%d">%s%s</way>' % (ident, refs, tag)
        yield b"</osm>"


def test_memory_grows_with_the_box_and_not_with_the_file() -> None:
    tracemalloc.start()
    found = gathering.gather(Country, BOX)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.lines, len(found.nodes)) == ([], 0)
    assert peak < 1_000_000
