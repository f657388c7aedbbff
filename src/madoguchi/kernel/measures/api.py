"""Note what happened, and count it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, Max, Min, Sum

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.measures.models import Event


@dataclass(frozen=True, slots=True)
class Tally:
    """Events of one name in a span of time; sums cover the events that have a value."""

    count: int
    valued: int
    total: float
    mean: float | None
    least: float | None
    most: float | None


def note(service: str, name: str, value: float | None = None, **attrs: str) -> None:
    """Note one event of the current town, now; part of the caller's transaction.

    ``attrs`` are coarse words to group by (an age band, a channel), never a person's id or text.
    """
    Event.objects.create(at=clock.now(), service=service, name=name, value=value, attrs=attrs)


def tally(service: str, name: str, since: datetime, until: datetime, **attrs: str) -> Tally:
    """Count the current town's events with ``since <= at < until`` and all of ``attrs``."""
    events = Event.objects.filter(service=service, name=name, at__gte=since, at__lt=until)
    for key, word in attrs.items():
        events = events.filter(**{f"attrs__{key}": word})
    found = events.aggregate(
        count=Count("id"),
        valued=Count("value"),
        total=Sum("value"),
        mean=Avg("value"),
        least=Min("value"),
        most=Max("value"),
    )
    return Tally(**{**found, "total": found["total"] or 0.0})
