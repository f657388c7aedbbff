"""Fetching the photo of an event before it is applied; nobody's words wait for the network."""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db.models import QuerySet

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import leases, wakeup
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns import current

log = logging.getLogger(__name__)

FetchMedia = Callable[[str, int, str], bytes]
"""(channel, town id, media) -> content; raises an exception whose ``retry`` says if it may work."""

TRIES = 6
GIVE_UP = timedelta(minutes=30)
"""A photo is asked for at least so often and so long, before its sender is asked to send it again:
a channel that is down for a while loses none."""

FULL_DISK_S = 10.0
LOST = "写真を受け取れませんでした。もう一度お送りください。"


def work_photos(fetch_media: FetchMedia, limit: int = 20) -> int:
    """Fetch up to ``limit`` photos that events wait for; returns how many were tried."""
    with current.everywhere("lease events that wait for their photo"):
        lease, taken = leases.take_photos(limit)
    for town, pk in taken:
        with current.use(town):
            _fetch_one(pk, lease, fetch_media)
    return len(taken)


def _fetch_one(pk: int, lease: uuid.UUID, fetch_media: FetchMedia) -> None:
    row = _held(pk, lease).first()
    if row is None:
        return
    try:
        photo = files.accept(fetch_media(row.channel, row.town_id, row.media)).id
    except files.FileRefused as refused:
        if refused.retry:  # the disk is full: the photo waits until there is room
            _later(row, lease, str(refused), leases.pause_s(row.attempts + 1, FULL_DISK_S))
        else:
            _settle(row, lease, file_note=str(refused)[:200])
    except Exception as error:
        if getattr(error, "retry", True) and not _long_enough(row):
            _later(row, lease, type(error).__name__, leases.pause_s(row.attempts + 1))
            return
        log.warning("inbound %s: photo not fetched (%s)", pk, type(error).__name__)
        _settle(row, lease, file_note=LOST)
    else:
        _settle(row, lease, file_id=photo)


def _long_enough(row: Inbound) -> bool:
    return row.attempts + 1 >= TRIES and clock.now() - row.received_at > GIVE_UP


def _held(pk: int, lease: uuid.UUID) -> QuerySet[Inbound]:
    return Inbound.objects.filter(pk=pk, lease=lease, state=Inbound.State.WAITING)


def _later(row: Inbound, lease: uuid.UUID, why: str, seconds: float) -> None:
    _held(row.pk, lease).update(
        attempts=row.attempts + 1,
        last_error=why[:200],
        next_at=leases.ends_in(seconds),
        lease=None,
        lease_until=None,
    )


def _settle(row: Inbound, lease: uuid.UUID, **found: object) -> None:
    """Write down what became of the photo; the event is then applied like any other."""
    _held(row.pk, lease).update(
        **found, attempts=0, next_at=clock.now(), lease=None, lease_until=None
    )
    wakeup.inbox(row.town_id)
