"""The durable inbox: an event is stored once, before anybody is answered."""

from collections.abc import Sequence

from django.db import transaction

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import wakeup
from madoguchi.kernel.messages.data import Incoming
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns import current


def receive(channel: str, events: Sequence[Incoming]) -> int:
    """Store events of the current town and wake the worker.

    All rows of one call become durable together; an event that is already in the ledger (same
    channel and ``external_id``) is left as it stands. Returns how many events were new.
    """
    if not events:
        return 0
    town = current.town_id()
    ids = [event.external_id for event in events]
    with transaction.atomic():
        known = set(
            Inbound.objects.filter(channel=channel, external_id__in=ids).values_list(
                "external_id", flat=True
            )
        )
        fresh = {e.external_id: e for e in events if e.external_id not in known}
        rows = [_row(channel, event) for event in fresh.values()]
        # Two web processes may get the same event at once: the constraint decides, not the look.
        Inbound.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(lambda: wakeup.inbox(town))
    return len(rows)


def _row(channel: str, event: Incoming) -> Inbound:
    now = clock.now()
    return Inbound(
        channel=channel,
        external_id=event.external_id,
        kind=event.kind.value,
        sender=event.sender,
        group=event.group,
        text=event.text.replace("\x00", ""),  # PostgreSQL cannot keep NUL in text
        lat=event.point.lat if event.point else None,
        lon=event.point.lon if event.point else None,
        radius_m=event.radius_m if event.point else None,
        media=event.media,
        file_id=files.id_of(event.file_key) if event.file_key else None,
        file_note=event.file_note[:200],
        data=event.data,
        message=event.message,
        reply_token=event.reply_token,
        reply_token_at=(event.reply_token_at or now) if event.reply_token else None,
        sent_at=event.sent_at,
        received_at=now,
        next_at=now,
    )
