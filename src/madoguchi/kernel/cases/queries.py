"""What list, map and case page read. The number of queries never depends on the number of rows."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from madoguchi.kernel.cases.changing import SEQUENCE
from madoguchi.kernel.cases.data import VERB_WORDS, CaseFilter, State, Verb
from madoguchi.kernel.cases.models import Case, CaseEvent
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import counters

COMPACT_COLUMNS = (
    "number",
    "seq",
    "state",
    "urgency",
    "categories",
    "lat",
    "lon",
    "radius_m",
    "place_confirmed",
    "doubtful",
    "ask_pending",
    "witnesses",
    "department_id",
    "opened_at",
)
"""The columns of ``compact_rows`` and ``changes_since``, in their order."""

MAX_TERMS = 5
NUMBER = re.compile("[0-9]{4}-[0-9]{6,11}")
"""The year of opening and a number within it."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a case's history, ready to be read."""

    at: datetime
    verb: Verb
    words: str
    actor: str
    actor_name: str
    before: dict[str, Any]
    after: dict[str, Any]
    note: str


def case_by_number(number: str) -> Case:
    """The town's case of that number; raises ``Case.DoesNotExist``.

    What cannot be a number is not asked for: databases differ in the texts they bear (NUL).
    """
    if not NUMBER.fullmatch(number):
        raise Case.DoesNotExist
    return _with_people(Case.objects.all()).get(number=number)


def matching(wanted: CaseFilter) -> QuerySet[Case]:
    """Cases for a list, the most urgent and newest first; merged ones only when asked for."""
    return _with_people(_filtered(wanted)).order_by("-urgency", "-opened_at", "-id")


def count_by_state(wanted: CaseFilter) -> dict[State, int]:
    """How many cases stand in each state (all states are keys)."""
    rows = _filtered(wanted).values_list("state").annotate(n=Count("id"))
    return dict.fromkeys(State, 0) | {State(state): n for state, n in rows}


def compact_rows(wanted: CaseFilter, columns: tuple[str, ...] = COMPACT_COLUMNS) -> list[Any]:
    """Cases for a map as plain tuples of ``columns``, oldest change first."""
    return list(_filtered(wanted).order_by("seq").values_list(*columns))


def last_seq() -> int:
    """The number of the town's last committed change; ask it before ``compact_rows``."""
    return counters.last_value(SEQUENCE)


def changes_since(
    seq: int, limit: int, *, service: str = "", columns: tuple[str, ...] = COMPACT_COLUMNS
) -> list[Any]:
    """Cases that changed after ``seq`` in the order of their last change, merged ones included.

    A full list (``limit`` rows) means that more may follow: ask again from the last row's seq.
    """
    rows = Case.objects.filter(seq__gt=seq)
    if service:
        rows = rows.filter(service=service)
    return list(rows.order_by("seq").values_list(*columns)[:limit])


def history(case_id: int) -> list[HistoryLine]:
    """The history of a case, oldest line first, with the names of staff; two queries."""
    events = list(CaseEvent.objects.filter(case_id=case_id).order_by("seq"))
    names = people.actor_names(event.actor for event in events)
    return [
        HistoryLine(
            at=event.at,
            verb=Verb(event.verb),
            words=VERB_WORDS[Verb(event.verb)],
            actor=event.actor,
            actor_name=names[event.actor],
            before=event.before,
            after=event.after,
            note=event.note,
        )
        for event in events
    ]


def _with_people(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("department", "assignee", "merged_into")


def _filtered(wanted: CaseFilter) -> QuerySet[Case]:
    exact: dict[str, Any] = {
        "service": wanted.service or None,
        "department_id": wanted.department_id,
        "assignee_id": wanted.assignee_id,
        "opened_at__gte": wanted.since,
        "urgency__gte": wanted.min_urgency or None,
        "drill": wanted.drill,
    }
    rows = Case.objects.filter(**{name: v for name, v in exact.items() if v is not None})
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    else:
        rows = rows.exclude(state=State.MERGED)
    if wanted.category:
        # SQLite has no "contains" for JSON lists; codes are plain words, so their text will do.
        rows = rows.annotate(category_text=Cast("categories", TextField()))
        rows = rows.filter(category_text__contains=f'"{wanted.category}"')
    if (box := wanted.bounds) is not None:
        rows = rows.filter(
            lat__gte=box.south, lat__lte=box.north, lon__gte=box.west, lon__lte=box.east
        )
    for term in wanted.text.split()[:MAX_TERMS]:
        rows = rows.filter(
            Q(number__contains=term) | Q(title__icontains=term) | Q(place_label__icontains=term)
        )
    return rows
