"""What a place is: a point never stands without its accuracy and a radius in metres."""

from dataclasses import dataclass
from enum import StrEnum


class Accuracy(StrEnum):
    """How exactly a point is known, from best to none."""

    PIN = "pin"  # set by the person (GPS, map) or by staff
    ADDRESS = "address"  # block and number; the point is still the town block's unless better known
    FACILITY = "facility"  # a named facility or station
    BLOCK = "block"  # 町丁目
    DISTRICT = "district"  # 大字 or part of a town
    TOWN = "town"  # the municipality only
    NONE = "none"  # no point


class PlaceKind(StrEnum):
    """What a text names, as in the label guide of disaster messages."""

    ADDRESS = "address"
    CHOME = "chome"
    FACILITY = "facility"
    STATION = "station"
    RIVER = "river"
    INTERSECTION = "intersection"
    AREA = "area"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Point:
    """WGS 84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its accuracy. ``point`` is None exactly when ``accuracy`` is NONE."""

    point: Point | None
    accuracy: Accuracy
    radius_m: int
    label: str
    town_code: str
    confirmed: bool = False

    def __post_init__(self) -> None:
        if (self.point is None) != (self.accuracy is Accuracy.NONE):
            raise ValueError("a point and its accuracy stand together")
        if self.radius_m < 0:
            raise ValueError("radius_m must not be negative")


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """An address text read against the gazetteer.

    ``town_area`` is 町字 as in the pack, chome in kanji numerals ("" when not found);
    ``number`` is 番地 and house number, hyphen separated; ``rest`` is what was not understood.
    """

    prefecture: str
    municipality: str
    town_area: str
    number: str
    rest: str
    place: Place


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named inside a free text.

    ``text`` is the exact substring ``source[start:end]``. ``place.accuracy`` is NONE for what has
    no point (river, intersection, whole town, unknown block). ``elsewhere`` is True when the place
    lies in another municipality than the receiving one; ``exists`` is False when the text names a
    block that the gazetteer knows not to exist (e.g. 布田99丁目).
    """

    text: str
    start: int
    end: int
    kind: PlaceKind
    place: Place
    score: float
    elsewhere: bool
    exists: bool
    reason: str
