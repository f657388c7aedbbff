"""Distances in metres on a small piece of the earth, and cells around points."""

import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Point
from shapely.geometry.base import BaseGeometry

EARTH_M = 6_371_008.8


class Plane:
    """Equirectangular plane around a point; good to 0.1 % over a municipality (30 km)."""

    def __init__(self, lat: float, lon: float) -> None:
        self.lat, self.lon = lat, lon
        self.per_lat = math.radians(EARTH_M)
        self.per_lon = self.per_lat * math.cos(math.radians(lat))

    def xy(self, lat: float, lon: float) -> tuple[float, float]:
        return (lon - self.lon) * self.per_lon, (lat - self.lat) * self.per_lat

    def flat(self, shape: BaseGeometry) -> BaseGeometry:
        """A lon/lat geometry in metres."""
        return shapely.transform(
            shape, lambda a: (a - [self.lon, self.lat]) * [self.per_lon, self.per_lat]
        )


def distance_m(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Great-circle distance (haversine)."""
    a, b = math.radians(lat), math.radians(lat2)
    h = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon) / 2) ** 2
    )
    return 2 * EARTH_M * math.asin(math.sqrt(h))


def cells(points: Sequence[tuple[float, float]], area: BaseGeometry) -> list[BaseGeometry]:
    """The part of ``area`` nearest to each of the points (Voronoi), in their order.

    Equal points share one cell. A point outside the area has the cell it would have, which may
    be empty.
    """
    distinct = sorted(set(points))
    if len(distinct) == 1:
        return [area for _ in points]
    sites = [Point(p) for p in distinct]
    diagram = shapely.voronoi_polygons(MultiPoint(sites), extend_to=area.envelope.buffer(1000))
    tree = shapely.STRtree(list(diagram.geoms))
    found: dict[tuple[float, float], BaseGeometry] = {}
    for place, site in zip(distinct, sites, strict=True):
        index = int(tree.query(site, predicate="intersects")[0])
        found[place] = diagram.geoms[index].intersection(area)
    return [found[p] for p in points]


def samples(shape: BaseGeometry, about: int = 400) -> np.ndarray:
    """Points (n, 2) on a square grid inside a shape; a fixed grid, so the same on every run."""
    if shape.is_empty or shape.area == 0:
        return np.empty((0, 2))
    step = math.sqrt(shape.area / about)
    west, south, east, north = shape.bounds
    x, y = np.meshgrid(
        np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step)
    )
    inside = shapely.contains_xy(shape, x.ravel(), y.ravel())
    return np.column_stack([x.ravel()[inside], y.ravel()[inside]])


def reach(point: tuple[float, float], places: np.ndarray, share: float = 0.95) -> float:
    """The radius around ``point`` that holds ``share`` of the places; 0 without places."""
    if len(places) == 0:
        return 0.0
    away = np.hypot(places[:, 0] - point[0], places[:, 1] - point[1])
    return float(np.quantile(away, share))
