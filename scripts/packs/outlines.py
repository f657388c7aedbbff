"""boundary.geojson and blocks.geojson."""

from typing import Any

import shapely
from shapely.geometry import LinearRing, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from packs.geometry import Plane

SIMPLIFY_M = 10
BLOCK_SIMPLIFY_M = 2
SMALLEST_M2 = 2_000


def simplified(shape: BaseGeometry, metres: float) -> BaseGeometry:
    """Within about ``metres`` of the original, six decimals, valid."""
    rough = shape.simplify(metres / 111_000, preserve_topology=True)
    return shapely.make_valid(shapely.set_precision(rough, 1e-6))


def polygons(shape: BaseGeometry, smallest_m2: float = 0) -> MultiPolygon:
    """The polygons of a geometry, the largest first; rocks below ``smallest_m2`` are left out."""
    parts: list[Polygon] = []
    for geometry in shapely.get_parts(shape):
        pieces = shapely.get_parts(geometry) if isinstance(geometry, MultiPolygon) else [geometry]
        parts += [p for p in pieces if isinstance(p, Polygon)]
    middle = shape.centroid
    plane = Plane(middle.y, middle.x)
    sized = sorted(((plane.flat(p).area, p.bounds, p) for p in parts), key=lambda s: (-s[0], s[1]))
    kept = [part for n, (area, _, part) in enumerate(sized) if n == 0 or area >= smallest_m2]
    return MultiPolygon([part.normalize() for part in kept])


def feature(shape: MultiPolygon, properties: dict[str, Any]) -> dict[str, Any]:
    def points(ring: LinearRing) -> list[list[float]]:
        return [[round(x, 6), round(y, 6)] for x, y in ring.coords]

    rings = [[points(ring) for ring in (p.exterior, *p.interiors)] for p in shape.geoms]
    geometry = {"type": "MultiPolygon", "coordinates": rings}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def boundary(shape: BaseGeometry, code: str, name: str) -> dict[str, Any]:
    """One Feature; islets below 2,000 m² are left out (the islands have thousands of rocks)."""
    whole = polygons(simplified(shape, SIMPLIFY_M), SMALLEST_M2)
    return feature(whole, {"code": code, "name": name})


def blocks(shapes: dict[str, BaseGeometry]) -> dict[str, Any]:
    features = [
        feature(polygons(simplified(shape, BLOCK_SIMPLIFY_M)), {"town_area": name})
        for name, shape in shapes.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def from_topojson(topology: dict[str, Any], layer: str, name: str) -> dict[str, BaseGeometry]:
    """Polygons of a TopoJSON without quantisation, joined by their property ``name``."""
    arcs = topology["arcs"]

    def ring(indices: list[int]) -> list[list[float]]:
        points: list[list[float]] = []
        for index in indices:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += arc[1:] if points else arc
        return points

    found: dict[str, list[BaseGeometry]] = {}
    for geometry in topology["objects"][layer]["geometries"]:
        pieces = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for piece in pieces:
            outer, *holes = [ring(r) for r in piece]
            polygon = shapely.make_valid(Polygon(outer, holes))
            found.setdefault(geometry["properties"][name], []).append(polygon)
    return {key: shapely.union_all(parts) for key, parts in found.items()}
