"""Pending work: rows are leased, worked on, and marked in the transaction of their effect.

A process that dies leaves its leases to run out; whoever comes next takes the rows again. The
network is handed in (``fetch_media``, ``deliver``) and never called inside a transaction.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import dispatch, outbox
from madoguchi.kernel.messages.data import Delivery, EventKind, Outcome, Receipt
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns import current

log = logging.getLogger(__name__)

FetchMedia = Callable[[str, int, str], bytes]
"""(channel, town id, media) -> content; raises an exception whose ``retry`` says if it may work."""

Deliver = Callable[[str, int, Delivery], Receipt]
"""(channel, town id, delivery) -> receipt; never raises."""

LEASE = timedelta(seconds=15)
"""How long the rows of a process that died stay untouched: longer than one attempt may take, and so
short that a LINE reply which it left in doubt is repeated while the token can still tell."""

LONGEST_PAUSE_S = 60.0
INBOX_TRIES = 5
MEDIA_TRIES = 6
GIVE_UP = timedelta(hours=23)  # LINE keeps a retry key for 24 hours; later it could send twice


def work_inbox(fetch_media: FetchMedia, limit: int = 20) -> int:
    """Process up to ``limit`` waiting events of all towns; returns how many were tried."""
    lease = uuid.uuid4()
    with current.everywhere("lease inbox rows"):
        taken = _lease_inbox(lease, limit)
    for town, pk in taken:
        with current.use(town):
            _work_one_inbound(pk, lease, fetch_media)
    return len(taken)


Doors = dict[tuple[str, int], datetime]
"""(channel, town id) -> until when a channel that failed is left alone."""


def work_outbox(deliver: Deliver, down: Doors, limit: int = 20) -> int:
    """Try up to ``limit`` waiting deliveries of all towns; returns how many were taken.

    ``down`` is kept by the caller between calls: after a failed attempt the other rows of the same
    channel and town wait as long as that row, so that a channel that is down costs one time-out
    and not one per row.
    """
    lease = uuid.uuid4()
    with current.everywhere("lease outbox rows"):
        taken = _lease_outbox(lease, limit)
    for town, pk in taken:
        with current.use(town):
            _work_one_outbox(pk, lease, deliver, down)
    return len(taken)


def take_over() -> int:
    """Free the rows that a process which is gone had taken; returns how many.

    Only where no other process can be at work: on SQLite, at the start.
    """
    freed = 0
    with current.everywhere("take over from the process before"), transaction.atomic():
        for rows in (
            Inbound.objects.filter(state=Inbound.State.WAITING),
            Outbox.objects.filter(state=Outbox.State.WAITING),
        ):
            freed += rows.filter(lease__isnull=False).update(lease=None, lease_until=None)
    return freed


def _pause_s(attempts: int, first_s: float = 1.0) -> float:
    """Seconds until the next attempt: doubling, a minute at most, however many there were."""
    return min(first_s * 2.0 ** min(attempts, 10), LONGEST_PAUSE_S)


def _free(now: datetime) -> Q:
    return Q(next_at__lte=now) & (Q(lease_until__isnull=True) | Q(lease_until__lte=now))


def _lease_inbox(lease: uuid.UUID, limit: int) -> list[tuple[int, int]]:
    """Take rows, never one whose sender has an older row still waiting."""
    older = Inbound.objects.filter(
        town=OuterRef("town"),
        channel=OuterRef("channel"),
        sender=OuterRef("sender"),
        state=Inbound.State.WAITING,
    ).filter(
        Q(sent_at__lt=OuterRef("sent_at")) | Q(sent_at=OuterRef("sent_at"), id__lt=OuterRef("id"))
    )
    rows = Inbound.objects.filter(~Exists(older), state=Inbound.State.WAITING).order_by("id")
    return _lease(rows, lease, limit)


def _lease_outbox(lease: uuid.UUID, limit: int) -> list[tuple[int, int]]:
    """Take rows, never one whose recipient has an older row still waiting."""
    older = Outbox.objects.filter(
        town=OuterRef("town"),
        channel=OuterRef("channel"),
        recipient=OuterRef("recipient"),
        state=Outbox.State.WAITING,
        id__lt=OuterRef("id"),
    ).exclude(recipient="")
    rows = Outbox.objects.filter(~Exists(older), state=Outbox.State.WAITING).order_by("id")
    return _lease(rows, lease, limit)


def _lease(
    rows: "models.QuerySet[Inbound] | models.QuerySet[Outbox]", lease: uuid.UUID, limit: int
) -> list[tuple[int, int]]:
    now = clock.now()
    waiting = rows.filter(_free(now))
    if not waiting.exists():  # an idle poll must not take the write lock
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        taken = list(waiting.values_list("town_id", "id")[:limit])
        rows.model.objects.filter(pk__in=[pk for _, pk in taken]).update(
            lease=lease, lease_until=now + LEASE
        )
    return taken


def _work_one_inbound(pk: int, lease: uuid.UUID, fetch_media: FetchMedia) -> None:
    row = Inbound.objects.filter(pk=pk, lease=lease, state=Inbound.State.WAITING).first()
    if row is None:
        return
    try:
        if row.kind == EventKind.IMAGE.value and row.media and row.file_id is None:
            _take_image(row, fetch_media)
        with transaction.atomic():
            held = Inbound.objects.select_for_update().filter(
                pk=pk, lease=lease, state=Inbound.State.WAITING
            )
            if (row := held.first()) is not None:
                dispatch.apply(row)
    except _Later as later:
        _put_back(pk, lease, later.seconds, str(later), final=False)
    except Exception as error:
        # The text of an exception may hold what a resident wrote: only its type is logged.
        log.error("inbound %s: %s", pk, type(error).__name__, exc_info=_traceback_wanted())
        _put_back(pk, lease, 2.0, type(error).__name__, final=True)


class _Later(Exception):
    """The photo is not ready yet."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


def _take_image(row: Inbound, fetch_media: FetchMedia) -> None:
    """Fetch and keep the photo; a photo that cannot be had never holds up the words."""
    try:
        content = fetch_media(row.channel, row.town_id, row.media)
        row.file_id = files.accept(content).id
        row.file_note = ""
    except files.FileRefused as refused:
        if refused.retry:  # the disk is full: the photo waits until there is room
            raise _Later(str(refused), 10.0) from refused
        row.file_note = str(refused)[:200]
    except Exception as error:
        if getattr(error, "retry", False) and row.attempts + 1 < MEDIA_TRIES:
            raise _Later(type(error).__name__, 1.0) from error
        log.warning("inbound %s: photo not fetched (%s)", row.pk, type(error).__name__)
        row.file_note = "写真を受け取れませんでした。もう一度お送りください。"
    row.save(update_fields=["file", "file_note"])


def _put_back(pk: int, lease: uuid.UUID, seconds: float, why: str, *, final: bool) -> None:
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
        row.next_at = clock.now() + timedelta(seconds=_pause_s(row.attempts, seconds))
        if final and row.attempts >= INBOX_TRIES:
            row.state = Inbound.State.FAILED
        row.save()


def _work_one_outbox(pk: int, lease: uuid.UUID, deliver: Deliver, down: Doors) -> None:
    row = Outbox.objects.filter(pk=pk, lease=lease, state=Outbox.State.WAITING).first()
    if row is None:
        return
    now = clock.now()
    door = (row.channel, row.town_id)
    if down.get(door, now) > now:
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
    wait = 0.0 if receipt.drop_reply else receipt.retry_after_s or _pause_s(row.attempts)
    next_at = clock.now() + timedelta(seconds=wait)
    if receipt.outcome is Outcome.RETRY and not receipt.drop_reply:
        down[door] = next_at
    else:
        down.pop(door, None)
    _finish(row, lease, receipt, next_at=next_at, tried=True)


def _about_to_try(row: Outbox, lease: uuid.UUID) -> bool:
    """Count an attempt before it is made; False when the row is no longer ours.

    A reply has no key: whoever repeats it must know that it may have been sent before, also when
    the process dies in the middle of it.
    """
    held = Outbox.objects.filter(pk=row.pk, lease=lease, state=Outbox.State.WAITING)
    until = clock.now() + LEASE
    return held.update(attempts=row.attempts + 1, lease_until=until) == 1


def _finish(
    row: Outbox, lease: uuid.UUID, receipt: Receipt, *, next_at: datetime, tried: bool
) -> None:
    now = clock.now()
    changes: dict[str, object] = {"lease": None, "lease_until": None, "next_at": next_at}
    if tried:
        changes |= {"attempts": row.attempts + 1, "detail": receipt.detail[:300]}
    if receipt.drop_reply:  # in the row before the push: whoever comes next must push as well
        changes |= {"reply_token": ""}
    if receipt.outcome is Outcome.SENT:
        changes |= {"state": Outbox.State.SENT, "sent_at": now}
    elif receipt.outcome is Outcome.REFUSED:
        changes |= {"state": Outbox.State.REFUSED}
    elif now - row.created_at > GIVE_UP:
        changes |= {
            "state": Outbox.State.REFUSED,
            "detail": "23時間送れませんでした。電話など別の方法で伝えてください。",
        }
    Outbox.objects.filter(pk=row.pk, lease=lease, state=Outbox.State.WAITING).update(**changes)


def _traceback_wanted() -> bool:
    """Tracebacks only where a developer looks: they may show what a resident wrote."""
    return log.isEnabledFor(logging.DEBUG)
