"""The order in which places are walked to: to the nearest next, then without crossings."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from madoguchi.channels.paper.data import Stop

MOST_ROUNDS = 8
MOST_TURNED = 200
"""Longer ways stay as the nearest neighbour gave them: to turn parts costs the square."""


def order(stops: Sequence[Stop], start: tuple[float, float]) -> list[Stop]:
    """All ``stops`` in walking order from ``start``; the same stops give the same order.

    Nearest neighbour, then 2-opt (turn a part round while that makes the way shorter); the way
    ends where it ends and does not lead back.
    """
    left = sorted(stops, key=lambda stop: stop.key)
    way: list[Stop] = []
    here = start
    while left:
        nearest = min(left, key=lambda stop: hypot(stop.x - here[0], stop.y - here[1]))
        left.remove(nearest)
        way.append(nearest)
        here = (nearest.x, nearest.y)
    return _without_crossings(way, start)


def length(way: Sequence[Stop], start: tuple[float, float]) -> float:
    """The length of a way in metres, as the crow flies."""
    points = [start, *((stop.x, stop.y) for stop in way)]
    return sum(_apart(a, b) for a, b in pairwise(points))


def _without_crossings(way: list[Stop], start: tuple[float, float]) -> list[Stop]:
    for _ in range(MOST_ROUNDS if len(way) <= MOST_TURNED else 0):
        better = False
        for first in range(len(way) - 1):
            for last in range(first + 1, len(way)):
                if _gain(way, start, first, last) > 1e-6:
                    way[first : last + 1] = way[first : last + 1][::-1]
                    better = True
        if not better:
            break
    return way


def _gain(way: list[Stop], start: tuple[float, float], first: int, last: int) -> float:
    """How many metres are saved by turning round ``way[first:last + 1]``."""
    before = start if first == 0 else (way[first - 1].x, way[first - 1].y)
    head, tail = (way[first].x, way[first].y), (way[last].x, way[last].y)
    saved = _apart(before, head) - _apart(before, tail)
    if last + 1 < len(way):
        after = (way[last + 1].x, way[last + 1].y)
        saved += _apart(tail, after) - _apart(head, after)
    return saved


def _apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])
