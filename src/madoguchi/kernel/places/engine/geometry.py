"""Distances on the ground between points of one country."""

import math
from collections.abc import Sequence

from madoguchi.kernel.places.data import Point

_EARTH_M = 6_371_008.8


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine, mean earth radius)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    across = math.radians(b.lon - a.lon)
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(across / 2) ** 2
    )
    return 2 * _EARTH_M * math.asin(math.sqrt(min(1.0, half)))


def middle(points: Sequence[Point]) -> Point:
    """The mean of points that lie close together."""
    return Point(
        round(sum(p.lat for p in points) / len(points), 6),
        round(sum(p.lon for p in points) / len(points), 6),
    )


def cover_m(centre: Point, circles: Sequence[tuple[Point, int]]) -> int:
    """Radius around ``centre`` that holds every circle (point, radius in metres)."""
    return math.ceil(max(distance_m(centre, point) + radius for point, radius in circles))
