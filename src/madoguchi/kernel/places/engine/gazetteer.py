"""The names of towns, town blocks and facilities, compiled for look-up by folded spelling."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from madoguchi.kernel.places.data import Point
from madoguchi.kernel.places.engine import aliases, spellings
from madoguchi.kernel.places.engine.fold import key
from madoguchi.kernel.places.engine.geometry import cover_m, distance_m, middle
from madoguchi.kernel.places.engine.words import BARE_KINDS, words

LAYERS = words(
    """
station school shelter emergency hall park library hospital nursery bridge port facility river
"""
)
FACILITY_RADIUS_M = 250
# Rows of one name this close together are one place (a station of several lines).
_SAME_PLACE_M = 600
_BARE_KINDS = frozenset(key(name) for name in BARE_KINDS)
_NOWHERE = Point(0, 0)


@dataclass(frozen=True, slots=True)
class Block:
    """A row of addresses.csv: 町丁目, 大字 or 小字."""

    town: str
    area: str
    oaza: str
    chome: int
    koaza: str
    point: Point
    radius_m: int


@dataclass(slots=True, eq=False)
class Oaza:
    """A 大字 or 町 with its 丁目. ``whole`` is its own row of the pack (None when it has none)."""

    town: str
    name: str
    whole: Block | None = None
    chomes: dict[int, Block] = field(default_factory=dict)
    koaza: dict[str, Block] = field(default_factory=dict)
    point: Point = _NOWHERE
    radius_m: int = 0
    numbered: bool = False

    def settle(self) -> None:
        """Point and radius over everything that bears the name.

        ``numbered``: it has 番地 of its own. A row in the middle of its 丁目 stands for them all.
        """
        parts = list(self.chomes.values()) + list(self.koaza.values())
        self.numbered = self.whole is not None and not (
            self.chomes
            and distance_m(self.whole.point, middle([b.point for b in self.chomes.values()])) < 1
        )
        if self.whole is not None:
            self.point, self.radius_m = self.whole.point, self.whole.radius_m
        elif parts:
            self.point = middle([b.point for b in parts])
            self.radius_m = cover_m(self.point, [(b.point, b.radius_m) for b in parts])


@dataclass(frozen=True, slots=True)
class Facility:
    """A named place. ``point`` is None for what has no one point (a river)."""

    town: str
    name: str
    kind: str
    point: Point | None
    radius_m: int


@dataclass(frozen=True, slots=True)
class TownRows:
    """What a pack says of one town, as plain rows.

    ``blocks``: the town's addresses (rows of kind town left out). ``facilities``: facility and
    its aliases.
    """

    code: str
    name: str
    kana: str
    prefecture: str
    county: str
    hall: Point
    radius_m: int
    blocks: Sequence[Block]
    facilities: Sequence[tuple[Facility, Sequence[str]]] = ()


T = TypeVar("T")


class Names(Generic[T]):
    """Folded names -> values, found by the longest name that starts at a place of a text."""

    def __init__(self) -> None:
        self.values: dict[str, T] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}

    @property
    def heads(self) -> Iterable[str]:
        """The first two characters of the names."""
        return self._lengths.keys()

    def add(self, name: str, value: T) -> None:
        self.values[name] = value
        lengths = self._lengths.get(name[:2], ())
        if len(name) not in lengths:
            self._lengths[name[:2]] = tuple(sorted((*lengths, len(name)), reverse=True))

    def at(self, text: str, i: int) -> Iterable[tuple[T, int]]:
        """(value, end) of the names that start at ``i``, longest first."""
        for head in (text[i : i + 2], text[i : i + 1]):
            for length in self._lengths.get(head, ()):
                value = self.values.get(text[i : i + length])
                if value is not None and i + length <= len(text):
                    yield value, i + length
            if len(head) == 1:
                break


@dataclass(slots=True, repr=False)
class Town:
    """One municipality with its own names."""

    code: str
    name: str
    prefecture: str
    county: str
    point: Point
    radius_m: int
    oaza: Names[Oaza] = field(default_factory=Names)
    loose: Names[Oaza] = field(default_factory=Names)
    stems: Names[Oaza] = field(default_factory=Names)
    facilities: Names[Facility] = field(default_factory=Names)
    blocks: Sequence[Block] = ()


@dataclass(slots=True, repr=False)
class Gazetteer:
    """All towns, and the names by which a place is known without its town."""

    towns: dict[str, Town] = field(default_factory=dict)
    town_names: Names[Town] = field(default_factory=Names)
    oaza: Names[tuple[Oaza, ...]] = field(default_factory=Names)
    facilities: Names[tuple[Facility, ...]] = field(default_factory=Names)
    short_towns: Names[Town] = field(default_factory=Names)
    prefectures: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()


def build(rows: Iterable[TownRows]) -> Gazetteer:
    """Compile plain rows to a gazetteer."""
    found = Gazetteer()
    shared_oaza: dict[str, list[Oaza]] = defaultdict(list)
    shared_facilities: dict[str, list[Facility]] = defaultdict(list)
    for row in rows:
        town = _town(row)
        found.towns[town.code] = town
        for name in spellings.of_town(row.name, row.county, row.kana):
            found.town_names.add(name, town)
        if len(row.name) > 2:
            found.short_towns.add(key(row.name[:-1]), town)
        found.heads |= frozenset(town.stems.heads)
        for name, oaza in town.oaza.values.items():
            shared_oaza[name].append(oaza)
        for name, facility in town.facilities.values.items():
            shared_facilities[name].append(facility)
    for name, several in shared_oaza.items():
        found.oaza.add(name, tuple(several))
    for name, same in shared_facilities.items():
        found.facilities.add(name, tuple(same))
    found.prefectures = frozenset(key(t.prefecture) for t in found.towns.values())
    tables = (found.town_names, found.oaza, found.facilities, found.short_towns)
    found.heads |= frozenset(head for table in tables for head in table.heads)
    found.heads |= {name[:2] for name in found.prefectures}
    return found


def _town(row: TownRows) -> Town:
    town = Town(row.code, row.name, row.prefecture, row.county, row.hall, row.radius_m)
    town.blocks = row.blocks
    named = _oaza(row.blocks)
    for name, oaza in named.items():
        town.oaza.add(name, oaza)
    _add_unless_taken(town.oaza, named, spellings.strict)
    # A looser spelling never stands for two names.
    for name, oaza in named.items():
        town.loose.add(spellings.skeleton(name), oaza)
    _add_unless_taken(town.oaza, named, spellings.short)
    for stem, group in _stems(named).items():
        town.stems.add(key(stem), _stem(stem, group))
    for name, facility in _facilities(row).items():
        town.facilities.add(name, facility)
    return town


def _add_unless_taken(names: Names[Oaza], named: dict[str, Oaza], spell: aliases.Spell) -> None:
    wanted: dict[str, list[Oaza]] = defaultdict(list)
    for name, oaza in named.items():
        for other in spell(name):
            if other not in names.values and oaza not in wanted[other]:
                wanted[other].append(oaza)
    for other, several in wanted.items():
        if len(several) == 1:
            names.add(other, several[0])


def _stems(named: dict[str, Oaza]) -> dict[str, list[Oaza]]:
    """What several names share: 深大寺 of 深大寺北町 and 深大寺南町, not itself a name."""
    groups: dict[str, list[Oaza]] = defaultdict(list)
    for oaza in dict.fromkeys(named.values()):
        for stem in spellings.stems(oaza.name):
            if key(stem) not in named:
                groups[stem].append(oaza)
    return {stem: group for stem, group in groups.items() if len(group) > 1}


def _stem(stem: str, group: Sequence[Oaza]) -> Oaza:
    point = middle([oaza.point for oaza in group])
    radius = cover_m(point, [(oaza.point, oaza.radius_m) for oaza in group])
    return Oaza(group[0].town, stem, point=point, radius_m=radius)


def _oaza(blocks: Sequence[Block]) -> dict[str, Oaza]:
    named: dict[str, Oaza] = {}
    at_point: dict[Point, Oaza] = {}
    for block in blocks:
        name = key(block.oaza)
        oaza = named.get(name)
        if oaza is None:
            # A postal name at an oaza's own point is that oaza under its other name.
            same = at_point.get(block.point)
            if same is not None and key(same.name).endswith(name) and not block.chome:
                named[name] = same
                continue
            oaza = named[name] = Oaza(block.town, block.oaza)
        if block.koaza:
            oaza.koaza[key(block.koaza)] = block
        elif block.chome:
            oaza.chomes[block.chome] = block
        elif oaza.whole is None:
            oaza.whole = block
            at_point.setdefault(block.point, oaza)
    for oaza in named.values():
        oaza.settle()
    return named


def _facilities(row: TownRows) -> dict[str, Facility]:
    """Folded name -> facility; a name of two distant places has no point."""
    by_name: dict[str, list[Facility]] = defaultdict(list)
    derived: dict[str, list[Facility]] = defaultdict(list)
    for facility, others in row.facilities:
        for name in (facility.name, *others):
            if name and facility not in by_name[key(name)]:
                by_name[key(name)].append(facility)
        for name in aliases.of_facility(facility.name, facility.kind, row.name):
            if facility not in derived[key(name)]:
                derived[key(name)].append(facility)
    for name, several in derived.items():
        if name not in by_name:
            by_name[name] = several
    return {
        name: one_place(several)
        for name, several in by_name.items()
        if len(name) >= 2 and name not in _BARE_KINDS
    }


def one_place(same: Sequence[Facility]) -> Facility:
    """The one place that facilities of one name are, without a point when they lie apart."""
    first = same[0]
    points = [f.point for f in same if f.point is not None]
    if len(same) == 1 or not points:
        return first
    centre = middle(points)
    apart = max(distance_m(centre, p) for p in points)
    if apart > _SAME_PLACE_M:
        return Facility(first.town, first.name, first.kind, None, 0)
    radius = max(first.radius_m, cover_m(centre, [(p, 0) for p in points]))
    return Facility(first.town, first.name, first.kind, centre, radius)
