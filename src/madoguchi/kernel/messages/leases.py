"""Taking rows of pending work: each is worked on by one taker, and comes back when the taker dies.

A row is free when its time has come and nobody holds it. Times that lie further ahead than anything
that is ever written were written by a clock that has been set back since; they hold nothing up.
"""

import threading
import time
import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import owners
from madoguchi.kernel.messages.data import EventKind
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns import current

LEASE = timedelta(seconds=15)
"""How long the rows of a process that died stay untouched where nobody can know that it died:
longer than one attempt may take, and so short that a LINE reply which it left in doubt is repeated
while the token can still tell."""

LONGEST_WAIT = timedelta(minutes=10)
"""No row waits longer for its next attempt."""

LONGEST_PAUSE_S = 60.0
"""What we choose ourselves; a channel may ask for more."""

SKEW = timedelta(seconds=15)
"""How far the clocks of two machines may be apart."""

PHOTO_FIRST = timedelta(seconds=10)
"""How long a photo that is not there yet holds up what its sender says next."""

LOOK_FOR_GONE_S = 1.0

Row = tuple[int, int]
"""(town id, row id)"""

Door = tuple[str, int]
"""(channel, town id)"""

_looked = threading.local()


def take_inbox(limit: int) -> tuple[uuid.UUID, list[Row]]:
    """Take events that can be applied, never one whose sender has an older one still waiting."""
    rows = Inbound.objects.filter(~_awaits_photo(), ~Exists(older_inbound()))
    return _take(Inbound, rows.filter(state=Inbound.State.WAITING).order_by("id"), limit)


def take_photos(limit: int) -> tuple[uuid.UUID, list[Row]]:
    """Take events whose photo has to be fetched first."""
    rows = Inbound.objects.filter(_awaits_photo(), state=Inbound.State.WAITING)
    return _take(Inbound, rows.order_by("next_at", "id"), limit)


def take_outbox(limit: int, shut: list[Door]) -> tuple[uuid.UUID, list[Row]]:
    """Take deliveries, never one whose recipient has an older one waiting; none of ``shut``."""
    older = Outbox.objects.filter(
        town=OuterRef("town"),
        channel=OuterRef("channel"),
        recipient=OuterRef("recipient"),
        state=Outbox.State.WAITING,
        id__lt=OuterRef("id"),
    ).exclude(recipient="")
    rows = Outbox.objects.filter(~Exists(older), state=Outbox.State.WAITING).order_by("id")
    for channel, town in shut:
        rows = rows.exclude(channel=channel, town=town)
    return _take(Outbox, rows, limit)


def take_over() -> int:
    """Free the rows that a process which is gone had taken; returns how many.

    Only where no other process can be at work: on SQLite, at the start.
    """
    freed = 0
    with current.everywhere("take over from the process before"), transaction.atomic():
        for model in (Inbound, Outbox):
            rows = model.objects.filter(state=model.State.WAITING, lease__isnull=False)
            freed += rows.update(lease=None, lease_until=None)
    return freed


def older_inbound() -> QuerySet[Inbound]:
    """The waiting events that go before the event of the outer query.

    A photo that cannot be had holds up what its sender says next for a moment only.
    """
    now = clock.now()
    just_now = (now - PHOTO_FIRST, now + PHOTO_FIRST)
    same = Inbound.objects.filter(
        town=OuterRef("town"),
        channel=OuterRef("channel"),
        sender=OuterRef("sender"),
        state=Inbound.State.WAITING,
    ).filter(
        Q(sent_at__lt=OuterRef("sent_at")) | Q(sent_at=OuterRef("sent_at"), id__lt=OuterRef("id"))
    )
    return same.filter(~_awaits_photo() | Q(received_at__range=just_now))


def pause_s(attempts: int, first_s: float = 1.0) -> float:
    """Seconds until the next attempt: doubling, a minute at most, however many there were."""
    return min(first_s * 2.0 ** min(attempts, 10), LONGEST_PAUSE_S)


def ends_in(seconds: float) -> datetime:
    """The moment of the next attempt, ``seconds`` from now and never later than is allowed."""
    return clock.now() + min(timedelta(seconds=seconds), LONGEST_WAIT)


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Whether a moment is still to come, and near enough to have been meant by this clock."""
    return now < moment <= now + LONGEST_WAIT + SKEW


def _awaits_photo() -> Q:
    return Q(kind=EventKind.IMAGE.value, file__isnull=True, file_note="") & ~Q(media="")


def _free(now: datetime) -> Q:
    due = Q(next_at__lte=now) | Q(next_at__gt=now + LONGEST_WAIT + SKEW)
    held_no_more = Q(lease_until__lte=now) | Q(lease_until__gt=now + LEASE + SKEW)
    return due & (Q(lease_until__isnull=True) | held_no_more)


def _take(
    model: type[Inbound] | type[Outbox],
    rows: QuerySet[Inbound] | QuerySet[Outbox],
    limit: int,
) -> tuple[uuid.UUID, list[Row]]:
    _free_of_the_gone(model)
    oldest = model.objects.filter(state=model.State.WAITING).aggregate(first=Min("id"))["first"]
    if oldest is None:
        return uuid.uuid4(), []
    now = clock.now()
    # In the order of ids SQLite walks the table itself: not through years of rows that are done.
    waiting = rows.filter(_free(now), id__gte=oldest)
    if not waiting.exists():  # an idle poll must not take the write lock
        return uuid.uuid4(), []
    lease = owners.new_lease()
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        taken = list(waiting.values_list("town_id", "id")[:limit])
        model.objects.filter(pk__in=[pk for _, pk in taken]).update(
            lease=lease, lease_until=now + LEASE
        )
    return lease, taken


def _free_of_the_gone(model: type[Inbound] | type[Outbox]) -> None:
    """Once a second and thread: whoever died leaves its rows to the others at once."""
    now = time.monotonic()
    if now - getattr(_looked, model.__name__, 0.0) >= LOOK_FOR_GONE_S:
        setattr(_looked, model.__name__, now)
        owners.free_rows_of_the_gone(model)
