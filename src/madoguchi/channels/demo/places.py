"""A few places of the town that a resident can send as a position."""

from collections.abc import Iterable
from dataclasses import dataclass

KINDS = ("hall", "station", "port", "shelter", "school", "park")
A_KIND, MOST = 4, 12


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the pack."""

    name: str
    lat: float
    lon: float


def to_send(rows: Iterable[dict[str, str]]) -> list[Place]:
    """Well-known places first, at most ``MOST``, from the rows of the pack's places.csv."""
    located = [row for row in rows if row["lat"] and row["lon"]]
    chosen = [
        row for kind in KINDS for row in [row for row in located if row["kind"] == kind][:A_KIND]
    ]
    return [Place(row["name"], float(row["lat"]), float(row["lon"])) for row in chosen[:MOST]]
