"""The door to places: texts to points with their accuracy, and points to names.

Pure: no Django, no clock, no network. Gazetteers are compiled from the packs once and kept.
"""

from functools import lru_cache

from madoguchi.kernel.places import source
from madoguchi.kernel.places.data import AddressMatch, Mention, Place, Point
from madoguchi.kernel.places.engine import locating, mentions, reverse
from madoguchi.kernel.places.engine.gazetteer import LAYERS, Gazetteer, build
from madoguchi.kernel.places.engine.geometry import distance_m

ALL = LAYERS
TOKYO = "13"

__all__ = [
    "ALL",
    "Gazetteer",
    "distance_m",
    "find",
    "gazetteer",
    "gazetteer_for",
    "inside",
    "locate",
    "nearest",
]


@lru_cache(maxsize=8)
def gazetteer(codes: tuple[str, ...] | None = None, layers: frozenset[str] = ALL) -> Gazetteer:
    """The compiled names of the municipalities ``codes`` (None: all 62 of Tokyo).

    ``layers``: kinds of facilities to know; town blocks are always known.
    Raises ``UnknownTown`` for a code without a pack.
    """
    chosen = source.codes(TOKYO) if codes is None else codes
    return build(source.town_rows(code, layers) for code in chosen)


def gazetteer_for(town: str, layers: frozenset[str] = ALL) -> Gazetteer:
    """The gazetteer in which messages to the office of ``town`` are read."""
    return gazetteer(None if town.startswith(TOKYO) else (town,), layers)


def locate(names: Gazetteer, text: str, town: str | None = None) -> AddressMatch:
    """Read a text that should be one address or one facility.

    ``town``: code of the municipality an address without one belongs to. The place is the town
    hall (accuracy TOWN) when only the municipality is known, and NONE outside the gazetteer.
    """
    if town is None:
        return locating.locate(names, text, None)
    names = _holding(names, town)
    return locating.locate(names, text, names.towns[town])


def find(names: Gazetteer, text: str, town: str) -> list[Mention]:
    """The places a free text names, in order; ``town`` is the code of the office it was sent to."""
    names = _holding(names, town)
    return mentions.find(names, text, names.towns[town])


def nearest(names: Gazetteer, point: Point, town: str) -> Place:
    """The town block of ``town`` nearest to ``point``, to say where a pin is.

    The place's point and radius are the block's.
    """
    return reverse.nearest(_holding(names, town).towns[town], point)


def _holding(names: Gazetteer, town: str) -> Gazetteer:
    """``names``, or the gazetteer of ``town`` when it lies outside of it (伊丹市)."""
    return names if town in names.towns else gazetteer_for(town)


@lru_cache(maxsize=64)
def _boundary(town: str) -> reverse.Boundary:
    return reverse.boundary(source.boundary(town))


def inside(town: str, point: Point) -> bool:
    """Whether ``point`` lies in the municipality with code ``town``."""
    return _boundary(town).holds(point)
