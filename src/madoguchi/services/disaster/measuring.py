"""A town measures the reading on its own messages: what the machine first said beside the truth.

True is what staff says of a message before it sees the machine's answer (``Report.checked``), and,
where wanted, how a case of one message stands that staff has looked at: what was not corrected
there counts as right, which flatters the machine a little.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.cases.data import Verb
from madoguchi.kernel.cases.models import CaseEvent
from madoguchi.kernel.places.columns import from_columns
from madoguchi.kernel.places.data import Accuracy, Place, Point
from madoguchi.services.disaster.data import Category, Urgency
from madoguchi.services.disaster.engine.scoring import Example, Said, Truth
from madoguchi.services.disaster.models import Report

MOST = 2000
LOOKED_AT = (
    *(Verb.SEE, Verb.ASSIGN, Verb.START, Verb.SETTLE, Verb.REFUSE),
    *(Verb.SET_URGENCY, Verb.SET_CATEGORIES, Verb.SET_PLACE),
)
"""What staff does to a case only after having read it."""


def examples(*, drills: bool, from_cases: bool) -> list[Example]:
    """The newest ``MOST`` messages of the current town of which the truth is known, newest first.

    ``drills``: those of drills alone. ``from_cases``: also cases that staff has looked at.
    """
    known = Q(checked__isnull=False)
    if from_cases:
        known |= Q(looked_at=True, shared=False)
    by_staff = CaseEvent.objects.filter(case=OuterRef("case_id"), actor__startswith="staff:")
    others = Report.objects.filter(case=OuterRef("case_id")).exclude(pk=OuterRef("pk"))
    found = (
        _readable(drills=drills)
        .annotate(
            looked_at=Exists(by_staff.filter(verb__in=LOOKED_AT)),
            placed=Exists(by_staff.filter(verb=Verb.SET_PLACE)),
            shared=Exists(others),
        )
        .filter(known)
        .select_related("case")
        .order_by("-sent_at", "-id")
    )
    return [_example(report) for report in found[:MOST]]


def unchecked(*, drills: bool) -> QuerySet[Report]:
    """Messages of which staff has not said what is right, the oldest first."""
    return _readable(drills=drills).filter(checked__isnull=True).order_by("id")


def check(report: Report, truth: Truth, *, actor: str, now: datetime) -> None:
    """Keep what a member of staff says is right of a message; the latest word counts."""
    place = truth.place
    report.checked = {
        "urgency": int(truth.urgency),
        "categories": sorted(truth.categories),
        "place": _place_fields(place) if place is not None and place.point is not None else None,
        "by": actor,
        "at": now.isoformat(),
    }
    with transaction.atomic():
        report.save(update_fields=["checked"])
        audit.record("reading.check", f"report:{report.pk}", actor=actor)


def said_of(first: dict[str, Any]) -> Said:
    """What ``intake.first_of`` kept."""
    point = Point(first["lat"], first["lon"]) if first["lat"] is not None else None
    return Said(
        Urgency(first["urgency"]), _categories(first["categories"]), point, bool(first["asked"])
    )


def first_words(report: Report) -> str:
    """The words that the first reading read, without what was said later."""
    return report.text[: report.first_reading["letters"]]


def _readable(*, drills: bool) -> QuerySet[Report]:
    """Messages with words whose first reading was kept."""
    kept = Report.objects.exclude(first_reading={}).exclude(text="")
    return kept.filter(first_reading__drill=True) if drills else kept


def _example(report: Report) -> Example:
    name = report.case.number if report.case else ""
    return Example(name, first_words(report), said_of(report.first_reading), _truth(report))


def _truth(report: Report) -> Truth:
    """What is right of a report: the word of staff, else how its case stands.

    Where the sender gave a pin the machine did not have to find the place.
    """
    pinned = bool(report.first_reading["pinned"])
    if report.checked is not None:
        told = report.checked
        place = _place(told["place"]) if told["place"] else None
        return Truth(Urgency(told["urgency"]), _categories(told["categories"]), place, not pinned)
    case = report.case
    assert case is not None
    placed = bool(getattr(report, "placed", False)) and not pinned
    place = from_columns(case) if placed else None
    return Truth(Urgency(case.urgency), _categories(case.categories), place, placed)


def _categories(names: Iterable[str]) -> frozenset[Category]:
    return frozenset(Category(name) for name in names)


def _place_fields(place: Place) -> dict[str, object]:
    assert place.point is not None
    return {
        "lat": place.point.lat,
        "lon": place.point.lon,
        "accuracy": place.accuracy.value,
        "label": place.label,
    }


def _place(told: dict[str, Any]) -> Place:
    return Place(Point(told["lat"], told["lon"]), Accuracy(told["accuracy"]), 0, told["label"], "")
