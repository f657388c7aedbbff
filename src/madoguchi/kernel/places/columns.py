"""A place as the columns of a row, and back; for every table that keeps one."""

from typing import Protocol

from madoguchi.kernel.places.data import Accuracy, Place, Point

LABEL_LENGTH = 200


class PlacedRow(Protocol):
    """A row with the columns of a place."""

    lat: float | None
    lon: float | None
    accuracy: str
    radius_m: int
    place_label: str
    place_confirmed: bool


def to_columns(place: Place) -> dict[str, object]:
    """The columns of a place."""
    return {
        "lat": place.point.lat if place.point else None,
        "lon": place.point.lon if place.point else None,
        "accuracy": place.accuracy.value,
        "radius_m": place.radius_m,
        "place_label": place.label[:LABEL_LENGTH],
        "place_confirmed": place.confirmed,
    }


def from_columns(row: PlacedRow) -> Place:
    """The place of a row; ``town_code`` is "" since rows of a town do not repeat it."""
    point = None
    if row.lat is not None and row.lon is not None:
        point = Point(row.lat, row.lon)
    return Place(
        point=point,
        accuracy=Accuracy(row.accuracy),
        radius_m=row.radius_m,
        label=row.place_label,
        town_code="",
        confirmed=row.place_confirmed,
    )
