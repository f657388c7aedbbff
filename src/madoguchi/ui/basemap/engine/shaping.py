"""From gathered ways to GeoJSON of a town: joined, cut at the town's edge, simplified, and small.

Distances are worked out in metres on a plane that touches the earth in the middle of the town
(equirectangular; over the span of a municipality it is off by well under one percent).
"""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from madoguchi.ui.basemap.engine.gathering import Area, Bounds, Gathered, Ids, Line, Nodes
from madoguchi.ui.basemap.engine.kinds import Kind

BEYOND_M = 1_000.0
BOX_MARGIN_M = 1_000.0
"""Lines that cross the edge between two corners further apart than this are missed."""
EDGE_TOLERANCE_M = 20.0
SHORTEST_M, SMALLEST_M2 = 2.0, 150.0
DECIMALS = 5
DEGREE_M = 111_195.0
"""One degree of a great circle of the mean earth (6 371 km)."""

CREDIT = "© OpenStreetMap contributors (ODbL)"
MOST_PACKED = 700_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How finely to draw: simplification in metres, and what is left out."""

    tolerance_m: float
    without: frozenset[Kind] = frozenset()


PLANS = (
    Plan(2.0),
    Plan(5.0),
    Plan(10.0),
    Plan(10.0, frozenset({Kind.STREAM})),
    Plan(10.0, frozenset({Kind.STREAM, Kind.MINOR})),
    Plan(20.0, frozenset({Kind.STREAM, Kind.MINOR, Kind.TERTIARY})),
)
"""The finest that fits into ``MOST_PACKED`` is taken."""


class TooLarge(Exception):
    """Even the coarsest plan does not fit."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Degrees to metres and back, around a middle."""

    lon: float
    lat: float

    @classmethod
    def around(cls, bounds: Bounds) -> "Plane":
        """The plane that touches in the middle of a box."""
        west, south, east, north = bounds
        return cls((west + east) / 2, (south + north) / 2)

    @property
    def _scale(self) -> NDArray[np.float64]:
        return np.array([DEGREE_M * math.cos(math.radians(self.lat)), DEGREE_M])

    def metres(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rows of lon, lat to rows of x, y."""
        return (degrees - (self.lon, self.lat)) * self._scale

    def degrees(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rows of x, y to rows of lon, lat."""
        return metres / self._scale + (self.lon, self.lat)


class Region:
    """The town and a strip around it."""

    def __init__(self, boundary: dict[str, Any], beyond_m: float = BEYOND_M) -> None:
        """``boundary`` is the pack's GeoJSON feature."""
        outline = shape(boundary["geometry"])
        self.plane = Plane.around(outline.bounds)
        flat = shapely.transform(outline, self.plane.metres)
        self.area = flat.buffer(beyond_m).simplify(EDGE_TOLERANCE_M)
        shapely.prepare(self.area)

    @property
    def box(self) -> Bounds:
        """West, south, east, north of all that may matter."""
        west, south, east, north = self.area.bounds
        corners = np.array([[west, south], [east, north]])
        margin = np.array([[-BOX_MARGIN_M] * 2, [BOX_MARGIN_M] * 2])
        (w, s), (e, n) = self.plane.degrees(corners + margin).tolist()
        return w, s, e, n


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn under one name, in metres, cut at the region's edge and not yet simplified."""

    kind: Kind
    name: str
    geometry: BaseGeometry


def shapes(gathered: Gathered, region: Region) -> list[Shape]:
    """Lines joined where they go on, areas whole; both cut at the edge of the region."""
    groups: dict[tuple[Kind, str], list[BaseGeometry]] = defaultdict(list)
    for line in gathered.lines:
        groups[line.kind, line.name] += _runs(line, gathered.nodes, region.plane)
    made = []
    for (kind, name), lines in groups.items():
        inside = [part for part in cut(lines, region) if part.geom_type == "LineString"]
        if inside:
            made.append(Shape(kind, name, shapely.line_merge(shapely.MultiLineString(inside))))
    waters: dict[str, list[BaseGeometry]] = defaultdict(list)
    for area in gathered.areas:
        waters[area.name].append(_surface(area, gathered.nodes, region.plane))
    for name, surfaces in waters.items():
        inside = [part for part in cut(surfaces, region) if part.geom_type == "Polygon"]
        if inside:
            made.append(Shape(Kind.WATER, name, shapely.union_all(inside)))
    order = list(Kind)
    return sorted(made, key=lambda one: (order.index(one.kind), one.name))


def cut(geometries: list[BaseGeometry], region: Region) -> Iterator[BaseGeometry]:
    """The simple parts of the geometries that lie in the region."""
    near = [one for one in geometries if not one.is_empty and region.area.intersects(one)]
    for one in near:
        whole = region.area.contains(one)
        yield from shapely.get_parts(one if whole else shapely.intersection(one, region.area))


def collection(found: Iterable[Shape], plane: Plane, plan: Plan, imported_on: str) -> bytes:
    """GeoJSON with further members: credit, day of the import, and the plan."""
    features = [
        feature
        for one in found
        if one.kind not in plan.without and (feature := _feature(one, plane, plan.tolerance_m))
    ]
    value = {
        "type": "FeatureCollection",
        "credit": CREDIT,
        "imported_on": imported_on,
        "tolerance_m": plan.tolerance_m,
        "without": sorted(plan.without),
        "features": features,
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def fit(
    found: list[Shape],
    plane: Plane,
    imported_on: str,
    pack: Callable[[bytes], bytes],
    most: int = MOST_PACKED,
) -> tuple[bytes, Plan]:
    """The finest collection that is no larger than ``most`` bytes when packed, and its plan.

    Raises ``TooLarge``.
    """
    for plan in PLANS:
        packed = pack(collection(found, plane, plan, imported_on))
        if len(packed) <= most:
            return packed, plan
    raise TooLarge


def _runs(line: Line, nodes: Nodes, plane: Plane) -> Iterator[BaseGeometry]:
    """The stretches of a way whose points are all in the file."""
    points, known = nodes.find(line.nodes)
    flat = plane.metres(points)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    for start, end in edges.reshape(-1, 2):
        if end - start > 1:
            yield shapely.LineString(flat[start:end])


def _surface(area: Area, nodes: Nodes, plane: Plane) -> BaseGeometry:
    """The polygons that the borders close, holes cut out; a border with a gap closes nothing."""
    outer, inner = (_rings(pieces, nodes, plane) for pieces in (area.outer, area.inner))
    return outer.difference(inner)


def _rings(pieces: list[Ids], nodes: Nodes, plane: Plane) -> BaseGeometry:
    lines = []
    for piece in pieces:
        points, known = nodes.find(piece)
        if len(points) > 1 and known.all():
            lines.append(shapely.LineString(plane.metres(points)))
    return shapely.union_all(shapely.get_parts(shapely.polygonize([shapely.union_all(lines)])))


def _feature(one: Shape, plane: Plane, tolerance_m: float) -> dict[str, Any] | None:
    """The GeoJSON feature; None when nothing of it is large enough to be seen."""
    simple = one.geometry.simplify(tolerance_m)
    parts = [part for part in shapely.get_parts(simple) if _is_seen(part)]
    coordinates: list[Any]
    if one.kind is Kind.WATER:
        rings = [[part.exterior, *part.interiors] for part in parts]
        coordinates = [[_rounded(ring, plane) for ring in polygon] for polygon in rings]
        form = "MultiPolygon"
    else:
        coordinates = [_rounded(part, plane) for part in parts]
        form = "MultiLineString"
    if not coordinates:
        return None
    properties = {"kind": one.kind.value} | ({"name": one.name} if one.name else {})
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": form, "coordinates": coordinates},
    }


def _is_seen(part: BaseGeometry) -> bool:
    if part.geom_type == "Polygon":
        return bool(part.area >= SMALLEST_M2)
    return bool(part.length >= SHORTEST_M)


def _rounded(line: BaseGeometry, plane: Plane) -> list[list[float]]:
    """Rows of lon, lat to about a metre."""
    rows: list[list[float]] = plane.degrees(shapely.get_coordinates(line)).round(DECIMALS).tolist()
    return rows
