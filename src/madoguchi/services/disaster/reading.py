"""From rows to the engine and back: the only place where tables and engine meet."""

import unicodedata
from functools import lru_cache

from madoguchi.kernel.cases.data import OPEN_STATES
from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.columns import from_columns
from madoguchi.kernel.places.data import Accuracy, Place, PlaceKind, Point
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster import trained
from madoguchi.services.disaster.data import (
    Category,
    Grouped,
    Message,
    Reading,
    Reason,
    Source,
    Urgency,
)
from madoguchi.services.disaster.engine import group, read
from madoguchi.services.disaster.models import Report

WINDOW = group.WINDOW
NEAR_DEGREES = 0.006  # some 600 m: wider than the engine's reach for one event
MOST_CANDIDATES = 40
SURE_ENOUGH = 0.6
"""On the map a wrong join hides a need, and a missed one costs staff one action."""


def clean(text: str) -> str:
    """The text without control and direction-changing characters; the ledger keeps the original."""
    return "".join(
        c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs")
    ).strip()


def warm() -> None:
    """Open the model and MeCab's dictionary, which take some tenths of a second."""
    trained.model().pairs.profiles.of("停電しています")


@lru_cache(maxsize=64)
def understand(message: Message) -> Reading:
    """Read one message with the gazetteer of all towns; the bid and the intake read it once."""
    return read.read(message, places.gazetteer(), trained.model())


def pinned(point: Point, radius_m: int, town: Town) -> Place:
    """The sender's own pin, labelled with the town block it lies in."""
    near = places.nearest(places.gazetteer(), point, town.code)
    return Place(point, Accuracy.PIN, radius_m, near.label, near.town_code, confirmed=True)


def grouped(report: Report, town_code: str) -> Grouped:
    """A stored report as the engine compares it; its group is its case.

    The reasons stay in the table: grouping and the newest state do not look at them.
    """
    reading = Reading(
        categories=tuple(Category(c) for c in report.categories),
        urgency=Urgency(report.urgency),
        place_text=report.place_text or None,
        place_kind=PlaceKind(report.place_kind),
        place=from_columns(report),
        elsewhere=report.elsewhere,
        ask_back=report.ask_back,
        doubtful=report.doubtful,
        settles=report.settles,
    )
    message = Message(str(report.pk), town_code, Source(report.source), report.sent_at, report.text)
    return Grouped(message, reading, str(report.case_id) if report.case_id else None)


def find_group(report: Report) -> tuple[int | None, tuple[Reason, ...]]:
    """The open case that a report tells of, if one of the last hours fits."""
    nearby = (
        Report.objects.filter(
            case__state__in=OPEN_STATES,  # what happens again is a need of its own
            sent_at__gte=report.sent_at - WINDOW,
            sent_at__lte=report.sent_at + WINDOW,
        )
        .exclude(pk=report.pk)
        .defer("reasons")
        .order_by("-sent_at")
    )
    if report.lat is not None and report.lon is not None:
        nearby = nearby.filter(
            lat__range=(report.lat - NEAR_DEGREES, report.lat + NEAR_DEGREES),
            lon__range=(report.lon - NEAR_DEGREES, report.lon + NEAR_DEGREES),
        ) | nearby.filter(lat__isnull=True)
    code = report.town.code
    candidates = [grouped(other, code) for other in nearby[:MOST_CANDIDATES]]
    case, reasons = group.match(
        grouped(report, code), candidates, trained.model().pairs, SURE_ENOUGH
    )
    return (int(case) if case else None), reasons
