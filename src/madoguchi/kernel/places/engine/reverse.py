"""From a point to a name: the nearest town block, and whether a point lies inside a town."""

from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from madoguchi.kernel.places.data import Accuracy, Place, Point
from madoguchi.kernel.places.engine.gazetteer import Town
from madoguchi.kernel.places.engine.geometry import distance_m
from madoguchi.kernel.places.engine.locating import town_place


@dataclass(frozen=True, slots=True)
class Boundary:
    """The land of a municipality."""

    land: BaseGeometry

    def holds(self, point: Point) -> bool:
        """True on the land and on its edge."""
        return bool(shapely.intersects_xy(self.land, point.lon, point.lat))


def boundary(geometry: dict[str, Any]) -> Boundary:
    """From a GeoJSON geometry."""
    land = shape(geometry)
    shapely.prepare(land)
    return Boundary(land)


def nearest(town: Town, point: Point) -> Place:
    """The block whose point is nearest; a 丁目 or 小字 before the 大字 that holds it."""
    parents = {b.oaza for b in town.blocks if b.chome or b.koaza}
    leaves = [b for b in town.blocks if b.chome or b.koaza or b.oaza not in parents]
    if not leaves:
        return town_place(town)
    block = min(leaves, key=lambda b: distance_m(point, b.point))
    label = town.name + block.area
    return Place(block.point, Accuracy.BLOCK, block.radius_m, label, town.code)
