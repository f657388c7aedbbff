"""A message that its sender took back: what it said is erased, in every room; that it came stays.

LINE tells of it by an event of its own, which may arrive before the message itself.
"""

from collections.abc import Callable

from django.db import models

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages.data import EventKind, TakenBack
from madoguchi.kernel.messages.models import Inbound

REASON = "知らせた人がメッセージを取り消しました"

Eraser = Callable[[TakenBack], None]
"""Erases what another room keeps of the message, in the transaction that erases the message."""

_erasers: list[Eraser] = []


def on_take_back(eraser: Eraser) -> None:
    """Call ``eraser`` for every message that is taken back; registering twice counts once."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def is_taken_back(row: Inbound) -> bool:
    """Whether the sender of a message has taken it back already."""
    return bool(row.message) and _of_the_same(row).filter(kind=EventKind.UNSEND.value).exists()


def take_back(event: Inbound, *, actor: str) -> None:
    """Erase the message that ``event`` names, if it has arrived; see ``is_taken_back`` if not.

    Runs in the transaction that marks ``event`` as done.
    """
    if not event.message:
        return
    said = _of_the_same(event).exclude(kind=EventKind.UNSEND.value).select_for_update()
    for row in said.order_by("id"):
        erase(row, actor=actor)
        row.save()


def erase(row: Inbound, *, actor: str) -> None:
    """Erase what a message said, here and in the other rooms; the caller saves ``row``."""
    photo = row.file_id
    if photo and Inbound.objects.filter(file_id=photo).exclude(pk=row.pk).exists():
        photo = None
    if row.contact_id and row.done_at:  # else no room has heard of it
        taken = TakenBack(row.pk, row.contact_id, row.text, photo)
        for eraser in _erasers:
            eraser(taken)
    if photo:
        files.erase(photo)
    row.text = row.data = row.media = row.reply_token = row.file_note = ""
    row.lat = row.lon = row.radius_m = row.file = None
    row.state = Inbound.State.DONE
    row.done_at = row.done_at or clock.now()
    row.lease = row.lease_until = None
    row.route_reason = REASON
    audit.record("inbound.take_back", f"inbound:{row.pk}", actor=actor)


def _of_the_same(row: Inbound) -> models.QuerySet[Inbound]:
    return Inbound.objects.filter(channel=row.channel, sender=row.sender, message=row.message)
