"""Which elements are drawn and as what, by the tags of https://wiki.openstreetmap.org/wiki/Map_features."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

LONGEST_NAME = 40

Tags = Mapping[str, str]


class Kind(StrEnum):
    """What the map draws; in the order of drawing, the lowest first."""

    WATER = "water"  # an area: lake, pond, the bed of a wide river
    STREAM = "stream"
    RIVER = "river"
    MINOR = "minor"
    TERTIARY = "tertiary"
    SECONDARY = "secondary"
    PRIMARY = "primary"
    TRUNK = "trunk"
    MOTORWAY = "motorway"
    RAIL = "rail"


HIGHWAYS = {
    "motorway": Kind.MOTORWAY,
    "trunk": Kind.TRUNK,
    "primary": Kind.PRIMARY,
    "secondary": Kind.SECONDARY,
    "tertiary": Kind.TERTIARY,
    "unclassified": Kind.MINOR,
    "residential": Kind.MINOR,
    "living_street": Kind.MINOR,
}
WATERWAYS = {"river": Kind.RIVER, "canal": Kind.RIVER, "stream": Kind.STREAM}
RAILWAYS = {"rail", "light_rail", "subway", "monorail", "narrow_gauge", "tram", "funicular"}
WATER_LANDUSES = {"reservoir", "basin"}
NOT_SAID = {"", "no"}


def line_kind(tags: Tags) -> Kind | None:
    """What a way is drawn as, None when it is not drawn as a line.

    Left out are water in a pipe, sidings and yards, and service roads and paths (their number is
    that of all the others together).
    """
    if road := tags.get("highway"):
        kind = HIGHWAYS.get(road.removesuffix("_link"))
        return None if tags.get("area") == "yes" else kind
    if water := tags.get("waterway"):
        hidden = tags.get("tunnel", "") not in NOT_SAID
        return None if hidden else WATERWAYS.get(water)
    if tags.get("railway") in RAILWAYS and not tags.get("service"):
        return Kind.RAIL
    return None


def is_water(tags: Tags) -> bool:
    """Whether a closed way or a multipolygon with these tags is a surface of water."""
    return (
        tags.get("natural") == "water"
        or tags.get("waterway") in {"riverbank", "dock"}
        or tags.get("landuse") in WATER_LANDUSES
    )


def is_water_area(tags: Tags) -> bool:
    """Whether a relation with these tags is a multipolygon of water."""
    return tags.get("type") == "multipolygon" and is_water(tags)


def name_of(tags: Tags) -> str:
    """The Japanese name as it can stand on a map, "" without one."""
    given = tags.get("name:ja") or tags.get("name") or ""
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in given)
    return " ".join(shown.split())[:LONGEST_NAME]
