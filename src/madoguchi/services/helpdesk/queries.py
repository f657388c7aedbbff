"""What pages and lists read of the room."""

from datetime import timedelta

from django.db.models import F, QuerySet

from madoguchi.kernel.cases.data import OPEN_STATES
from madoguchi.kernel.clock import api as clock
from madoguchi.services.helpdesk.data import Call, CallWanted, When
from madoguchi.services.helpdesk.engine.figures import WithinADay, within_a_day
from madoguchi.services.helpdesk.models import HelpRequest

FIGURES_OF = timedelta(days=30)
OPEN = [state.value for state in OPEN_STATES]
WANTED = (Call.WANTED.value, Call.MISSED.value)


def waiting() -> QuerySet[HelpRequest]:
    """Requests that somebody still has to see to, the oldest first."""
    rows = HelpRequest.objects.select_related("case__department", "case__assignee", "contact")
    return rows.filter(case__state__in=OPEN).order_by("asked_at", "id")


def closed() -> QuerySet[HelpRequest]:
    """Requests that are done, the newest first."""
    rows = HelpRequest.objects.select_related("case__department", "case__assignee", "contact")
    return rows.exclude(case__state__in=OPEN).order_by("-case__closed_at", "-id")


def wanted_calls() -> QuerySet[HelpRequest]:
    """Requests whose askers are to be called, in the order of the wished day, then of asking."""
    day_first = F("wished_on").asc(nulls_first=True)
    return waiting().filter(call__in=WANTED).order_by(day_first, "asked_at", "id")


def calls_wanted() -> list[CallWanted]:
    """The calls to make, for a list on paper."""
    return [
        CallWanted(
            number=row.case.number,
            name=row.name,
            phone=row.phone,
            wished_on=row.wished_on,
            wished_when=When(row.wished_when),
            about=row.case.title,
            asked_at=row.asked_at,
            missed=row.call == Call.MISSED,
        )
        for row in wanted_calls()
    ]


def within_a_day_lately() -> WithinADay:
    """How many of the last 30 days' requests were answered within a day."""
    now = clock.now()
    rows = HelpRequest.objects.filter(asked_at__gte=now - FIGURES_OF, asked_at__lte=now)
    return within_a_day(rows.values_list("asked_at", "answered_at"), now)
