"""Pending work: rows are leased, worked on, and marked in the transaction of their effect.

A process that dies leaves its rows to whoever comes next. The network is handed in
(``fetch_media``, ``deliver``) and never called inside a transaction.
"""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import Exists

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import dispatch, leases, outbox
from madoguchi.kernel.messages.data import Delivery, Outcome, Receipt
from madoguchi.kernel.messages.leases import LEASE, Door, take_over
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.messages.photos import FetchMedia, work_photos
from madoguchi.kernel.towns import current

__all__ = ["LEASE", "FetchMedia", "take_over", "work_inbox", "work_outbox", "work_photos"]

log = logging.getLogger(__name__)

Deliver = Callable[[str, int, Delivery], Receipt]
"""(channel, town id, delivery) -> receipt; never raises."""

Doors = dict[Door, datetime]
"""(channel, town id) -> until when a channel that failed is left alone."""

INBOX_TRIES = 5
DATABASE_PAUSE_S = 5.0
WRITE_AGAIN_S = 0.5
WRITE_AGAIN_FOR_S = 600.0
GIVE_UP = timedelta(hours=23)  # LINE keeps a retry key for 24 hours; later it could send twice


def work_inbox(fetch_media: FetchMedia | None = None, limit: int = 20) -> int:
    """Process up to ``limit`` waiting events of all towns; returns how many were tried.

    With ``fetch_media`` their photos are fetched here, before; else ``work_photos`` of another
    thread does it, and events that wait for one are left to it.
    """
    if fetch_media is not None:
        work_photos(fetch_media, limit)
    with current.everywhere("lease inbox rows"):
        lease, taken = leases.take_inbox(limit)
    for town, pk in taken:
        with current.use(town):
            _work_one_inbound(pk, lease)
    return len(taken)


def work_outbox(deliver: Deliver, down: Doors, limit: int = 20) -> int:
    """Try up to ``limit`` waiting deliveries of all towns; returns how many were taken.

    ``down`` is kept by the caller between calls: after a failed attempt the other rows of the same
    channel and town wait as long as that row, so that a channel that is down costs one time-out
    and not one per row.
    """
    now = clock.now()
    shut = [door for door, until in down.items() if leases.is_ahead(until, now)]
    with current.everywhere("lease outbox rows"):
        lease, taken = leases.take_outbox(limit, shut)
    for town, pk in taken:
        with current.use(town):
            _work_one_outbox(pk, lease, deliver, down)
    return len(taken)


def _work_one_inbound(pk: int, lease: uuid.UUID) -> None:
    try:
        with transaction.atomic():
            held = Inbound.objects.select_for_update(of=("self",)).filter(
                pk=pk, lease=lease, state=Inbound.State.WAITING
            )
            row = held.annotate(overtaken=Exists(leases.older_inbound())).first()
            if row is None:
                return
            if row.overtaken:  # an older event of the sender has arrived since the row was taken
                _let_go(pk, lease)
            else:
                dispatch.apply(row)
    except OperationalError as error:  # a full disk, say: that is no fault of the event
        log.error("inbound %s: %s", pk, type(error).__name__, exc_info=_traceback_wanted())
        _let_go(pk, lease, leases.ends_in(DATABASE_PAUSE_S))
    except Exception as error:
        # The text of an exception may hold what a resident wrote: only its type is logged.
        log.error("inbound %s: %s", pk, type(error).__name__, exc_info=_traceback_wanted())
        _put_back(pk, lease, type(error).__name__)


def _let_go(pk: int, lease: uuid.UUID, next_at: datetime | None = None) -> None:
    """Release a row without an attempt having been made."""
    changes = {"next_at": next_at} if next_at else {}
    held = Inbound.objects.filter(pk=pk, lease=lease, state=Inbound.State.WAITING)
    held.update(lease=None, lease_until=None, **changes)


def _put_back(pk: int, lease: uuid.UUID, why: str) -> None:
    """Release a row for a later try, or hand it to staff after the last one."""
    with transaction.atomic():
        row = (
            Inbound.objects.select_for_update()
            .filter(pk=pk, lease=lease, state=Inbound.State.WAITING)
            .first()
        )
        if row is None:
            return
        row.attempts += 1
        row.last_error = why[:200]
        row.lease = row.lease_until = None
        row.next_at = leases.ends_in(leases.pause_s(row.attempts, 2.0))
        if row.attempts >= INBOX_TRIES:
            row.state = Inbound.State.FAILED
        row.save()


def _work_one_outbox(pk: int, lease: uuid.UUID, deliver: Deliver, down: Doors) -> None:
    row = Outbox.objects.filter(pk=pk, lease=lease, state=Outbox.State.WAITING).first()
    if row is None:
        return
    now = clock.now()
    door = (row.channel, row.town_id)
    if leases.is_ahead(down.get(door, now), now):
        _finish(row, lease, Receipt(Outcome.RETRY, row.detail), next_at=down[door], tried=False)
        return
    delivery = Delivery(
        key=str(row.key),
        recipients=(row.recipient,) if row.recipient else tuple(row.recipients),
        messages=outbox.read_messages(row),
        reply_token=row.reply_token,
        reply_token_age_s=(now - row.reply_token_at).total_seconds() if row.reply_token_at else 0.0,
        attempts=row.attempts,
    )
    if row.reply_token and not _about_to_try(row, lease):
        return
    try:
        receipt = deliver(row.channel, row.town_id, delivery)
    except Exception as error:
        log.error("outbox %s: %s", pk, type(error).__name__, exc_info=_traceback_wanted())
        receipt = Receipt(Outcome.RETRY, "送信の処理でエラーが起きました。自動で送り直します。")
    wait = 0.0 if receipt.drop_reply else receipt.retry_after_s or leases.pause_s(row.attempts)
    next_at = leases.ends_in(wait)
    if receipt.outcome is Outcome.RETRY and not (receipt.drop_reply or receipt.alone):
        down[door] = next_at
    else:
        down.pop(door, None)
    _finish_surely(row, lease, receipt, next_at)


def _about_to_try(row: Outbox, lease: uuid.UUID) -> bool:
    """Count an attempt before it is made; False when the row is no longer ours.

    A reply has no key: whoever repeats it must know that it may have been sent before, also when
    the process dies in the middle of it.
    """
    held = Outbox.objects.filter(pk=row.pk, lease=lease, state=Outbox.State.WAITING)
    until = clock.now() + LEASE
    return held.update(attempts=row.attempts + 1, lease_until=until) == 1


def _finish_surely(row: Outbox, lease: uuid.UUID, receipt: Receipt, next_at: datetime) -> None:
    """Write down what the channel answered, also when the disk is full at this moment.

    Only we know the answer: were it forgotten, a reply could be sent a second time.
    """
    until = time.monotonic() + WRITE_AGAIN_FOR_S
    while True:
        try:
            return _finish(row, lease, receipt, next_at=next_at, tried=True)
        except OperationalError as error:
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            log.error("outbox %s: %s", row.pk, type(error).__name__)
            connection.close()
            time.sleep(WRITE_AGAIN_S)


def _finish(
    row: Outbox, lease: uuid.UUID, receipt: Receipt, *, next_at: datetime, tried: bool
) -> None:
    now = clock.now()
    changes: dict[str, object] = {"lease": None, "lease_until": None, "next_at": next_at}
    if tried:
        changes |= {"attempts": row.attempts + 1, "detail": receipt.detail[:300]}
    if receipt.drop_reply:  # in the row before the push: whoever comes next must push as well
        changes |= {"reply_token": ""}
    waiting = Outbox.objects.filter(pk=row.pk, state=Outbox.State.WAITING)
    if receipt.outcome is Outcome.SENT:  # true whoever holds the row by now
        waiting.update(**changes | {"state": Outbox.State.SENT, "sent_at": now})
        return
    if receipt.outcome is Outcome.REFUSED:
        changes |= {"state": Outbox.State.REFUSED}
    elif now - row.created_at > GIVE_UP:
        changes |= {
            "state": Outbox.State.REFUSED,
            "detail": "23時間送れませんでした。電話など別の方法で伝えてください。",
        }
    waiting.filter(lease=lease).update(**changes)


def _traceback_wanted() -> bool:
    """Tracebacks only where a developer looks: they may show what a resident wrote."""
    return log.isEnabledFor(logging.DEBUG)
