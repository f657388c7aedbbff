"""What of a large file belongs to a box, in three passes over it.

1. which nodes lie in the box, and which relations are water;
2. the ways that are drawn and touch the box, and all parts of the water that touches it;
3. the nodes outside the box that those ways still need, so that rings close and lines run on.

The order of the elements in the file does not matter. Memory grows with the box, not with the file,
but for eight bytes a corner of every multipolygon of water.
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

import numpy as np
from numpy.typing import NDArray

from madoguchi.ui.basemap.engine import kinds
from madoguchi.ui.basemap.engine.elements import BadMap, Member, Reader, read
from madoguchi.ui.basemap.engine.kinds import Kind

MOST_CORNERS = 30_000_000
"""Corners of all lines of one box; 八王子市 has about half a million."""

Bounds = tuple[float, float, float, float]
Open = Callable[[], IO[bytes]]
Tell = Callable[[str], None]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Line:
    """A way to draw, as the ids of its nodes."""

    kind: Kind
    name: str
    nodes: Ids


@dataclass(frozen=True, slots=True)
class Area:
    """A surface of water, as pieces of its outer and inner borders."""

    name: str
    outer: list[Ids]
    inner: list[Ids] = field(default_factory=list)


class Nodes:
    """Points by id, kept as arrays."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._points = array("d")
        self._sorted: tuple[NDArray[np.int64], NDArray[np.float64]] | None = None

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, ident: int, lon: float, lat: float) -> None:
        """Keep a point; one added later under the same id counts."""
        self._ids.append(ident)
        self._points.append(lon)
        self._points.append(lat)
        self._sorted = None

    def find(self, wanted: Ids) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """The points of the ids as rows of lon, lat, and which of them are known."""
        ids, points = self._index()
        if not len(ids):
            return np.zeros((len(wanted), 2)), np.zeros(len(wanted), dtype=bool)
        at = np.searchsorted(ids, wanted, side="right") - 1
        known = (at >= 0) & (ids[np.maximum(at, 0)] == wanted)
        return points[np.maximum(at, 0)], known

    def touch(self, nodes: Ids) -> bool:
        """Whether any of the ids is known."""
        return bool(self.find(nodes)[1].any())

    def _index(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        if self._sorted is None:
            ids = np.array(self._ids, dtype=np.int64)
            order = np.argsort(ids, kind="stable")
            self._sorted = ids[order], np.array(self._points).reshape(-1, 2)[order]
        return self._sorted


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything to draw in a box and a bit beyond."""

    lines: list[Line]
    areas: list[Area]
    nodes: Nodes


def gather(open_file: Open, box: Bounds, tell: Tell = lambda _: None) -> Gathered:
    """Read the file; ``tell`` hears what is being done. Raises ``BadMap``."""
    tell("1/3 範囲の中の点をさがしています")
    first = _First(box)
    read(open_file, first)
    tell(f"2/3 川と道をさがしています（範囲の中の点 {len(first.nodes):,}）")
    second = _Second(first)
    read(open_file, second)
    areas, missing = second.areas(), second.missing()
    tell(f"3/3 形をととのえています（線 {len(second.lines):,}、水面 {len(areas):,}）")
    if missing:
        read(open_file, _Third(first.nodes, missing))
    return Gathered(second.lines, areas, first.nodes)


class _First(Reader):
    """Nodes in the box; relations that are water."""

    def __init__(self, box: Bounds) -> None:
        self._west, self._south, self._east, self._north = box
        self.nodes = Nodes()
        self.waters: dict[int, tuple[str, list[Member]]] = {}

    def node(self, ident: int, lon: float, lat: float) -> None:
        if self._west <= lon <= self._east and self._south <= lat <= self._north:
            self.nodes.add(ident, lon, lat)

    def relation(self, ident: int, members: list[Member], tags: dict[str, str]) -> None:
        if kinds.is_water_area(tags):
            parts = [member for member in members if member[0] == "way"]
            self.waters[ident] = kinds.name_of(tags), parts


class _Second(Reader):
    """Ways that are drawn, and the parts of the water."""

    def __init__(self, first: _First) -> None:
        self._nodes = first.nodes
        self._waters = first.waters
        self._members = {ref for _, parts in first.waters.values() for _, ref, _ in parts}
        self._parts: dict[int, Ids] = {}
        self._touched: set[int] = set()
        self._alone: list[Area] = []
        self._corners = 0
        self.lines: list[Line] = []

    def way(self, ident: int, nodes: list[int], tags: dict[str, str]) -> None:
        kind = kinds.line_kind(tags)
        member = ident in self._members
        alone = nodes[:1] == nodes[-1:] and len(nodes) > 3 and kinds.is_water(tags)
        if not (kind or member or alone):
            return
        refs = np.array(nodes, dtype=np.int64)
        touched = self._nodes.touch(refs)
        if member:
            self._parts[ident] = refs
            if touched:
                self._touched.add(ident)
        if touched and (kind or alone):
            self._corners += len(refs)
            if self._corners > MOST_CORNERS:
                raise BadMap("範囲の中の線が多すぎます。ファイルの出どころを確かめてください。")
            if kind:
                self.lines.append(Line(kind, kinds.name_of(tags), refs))
            else:
                self._alone.append(Area(kinds.name_of(tags), [refs]))

    def areas(self) -> list[Area]:
        """Water that touches the box."""
        found = list(self._alone)
        for name, members in self._waters.values():
            if any(ref in self._touched for _, ref, _ in members):
                known = [(self._parts[ref], role) for _, ref, role in members if ref in self._parts]
                outer = [part for part, role in known if role != "inner"]
                inner = [part for part, role in known if role == "inner"]
                found.append(Area(name, outer, inner))
        return found

    def missing(self) -> set[int]:
        """Nodes of kept ways that lie outside the box."""
        wanted: set[int] = set()
        kept = [line.nodes for line in self.lines]
        kept += [part for area in self.areas() for part in (*area.outer, *area.inner)]
        for refs in kept:
            _, known = self._nodes.find(refs)
            if not known.all():
                wanted.update(
                    ref for ref, is_known in zip(refs, known, strict=True) if not is_known
                )
        return wanted


class _Third(Reader):
    """Points outside the box."""

    def __init__(self, nodes: Nodes, missing: set[int]) -> None:
        self._nodes = nodes
        self._missing = missing

    def node(self, ident: int, lon: float, lat: float) -> None:
        if ident in self._missing:
            self._nodes.add(ident, lon, lat)
