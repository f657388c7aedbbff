"""The town's shelters from its pack: read once, searched by name, district, disaster, distance."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.data import Point
from madoguchi.kernel.towns import pack
from madoguchi.ui.words import Words


class Hazard(StrEnum):
    """The kinds of disaster a 指定緊急避難場所 is designated for (columns of shelters.csv)."""

    FLOOD = "flood"
    LANDSLIDE = "landslide"
    STORM_SURGE = "storm_surge"
    EARTHQUAKE = "earthquake"
    TSUNAMI = "tsunami"
    FIRE = "fire"
    INLAND_FLOOD = "inland_flood"
    VOLCANO = "volcano"

    @property
    def words(self) -> Words:
        """The kind for people."""
        return _HAZARD_WORDS[self.value]


_HAZARD_WORDS = {
    "flood": Words("洪水", "川《かわ》の 水《みず》が あふれる", "River flood"),
    "landslide": Words("崖崩れ・土石流・地滑り", "山《やま》や がけが くずれる", "Landslide"),
    "storm_surge": Words("高潮", "海《うみ》の 水《みず》が 上《あ》がる", "Storm surge"),
    "earthquake": Words("地震", "地震《じしん》", "Earthquake"),
    "tsunami": Words("津波", "津波《つなみ》", "Tsunami"),
    "fire": Words("大規模な火事", "大《おお》きな 火事《かじ》", "Large fire"),
    "inland_flood": Words("内水氾濫", "町《まち》に 水《みず》が たまる", "Inland flooding"),
    "volcano": Words("火山", "火山《かざん》", "Volcano"),
}


@dataclass(frozen=True, slots=True)
class Shelter:
    """A 指定避難所 (``stay``) and/or 指定緊急避難場所 (``escape``, for ``hazards``)."""

    name: str
    address: str
    point: Point
    stay: bool
    escape: bool
    hazards: frozenset[Hazard]
    capacity: int | None
    note: str

    @property
    def kinds(self) -> list[Hazard]:
        """The kinds of disaster in the official order."""
        return [hazard for hazard in Hazard if hazard in self.hazards]


@dataclass(frozen=True, slots=True)
class Found:
    """A shelter and how far it is from the place asked for, in metres."""

    shelter: Shelter
    distance_m: int | None = None

    @property
    def distance(self) -> str:
        """The distance for people: 10 m steps, from 1 km in 0.1 km; "" without a place."""
        if self.distance_m is None:
            return ""
        if self.distance_m < 1000:
            return f"{round(self.distance_m, -1)} m"
        return f"{self.distance_m / 1000:.1f} km"


@lru_cache(maxsize=64)
def of_town(code: str) -> tuple[Shelter, ...]:
    """The shelters in a town's pack; none where the open data has none. Raises UnknownTown."""
    return tuple(_shelter(row) for row in pack.load(code).rows("shelters.csv"))


def _shelter(row: dict[str, str]) -> Shelter:
    return Shelter(
        name=row["name"],
        address=row["address"],
        point=Point(float(row["lat"]), float(row["lon"])),
        stay=row["shelter"] == "1",
        escape=row["emergency"] == "1",
        hazards=frozenset(hazard for hazard in Hazard if row[hazard.value] == "1"),
        capacity=int(row["capacity"]) if row["capacity"] else None,
        note=row["note"],
    )


def hazards_of(shelters: Iterable[Shelter]) -> list[Hazard]:
    """The kinds of disaster that any of these is designated for, in the official order."""
    present = {hazard for shelter in shelters for hazard in shelter.hazards}
    return [hazard for hazard in Hazard if hazard in present]


def search(
    shelters: Iterable[Shelter],
    *,
    text: str = "",
    hazard: Hazard | None = None,
    near: Point | None = None,
) -> list[Found]:
    """Those whose name or address holds ``text`` and that serve for ``hazard``.

    Nearest first when ``near`` is given, else in the order of the pack.
    """
    chosen = [
        shelter
        for shelter in shelters
        if (not text or text in shelter.name or text in shelter.address)
        and (hazard is None or hazard in shelter.hazards)
    ]
    if near is None:
        return [Found(shelter) for shelter in chosen]
    measured = [Found(shelter, round(places.distance_m(near, shelter.point))) for shelter in chosen]
    return sorted(measured, key=lambda found: found.distance_m or 0)
