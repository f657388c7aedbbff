"""The outbox: what is said is a row in the same transaction as the reason for saying it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import wakeup
from madoguchi.kernel.messages.data import Outgoing, QuickReply, ReplyKind
from madoguchi.kernel.messages.models import Outbox
from madoguchi.kernel.towns import current

MULTICAST_BLOCK = 500


def say(
    channel: str,
    recipient: str,
    messages: Sequence[Outgoing],
    *,
    about: str = "",
    reply_token: str = "",
    reply_token_at: datetime | None = None,
) -> None:
    """Queue messages to one person; call it inside the transaction that gives the reason.

    ``about`` names the subject ("case:12") that staff sees beside a failure. The row is sent only
    if the transaction commits, and then on its own, as often as it takes.
    """
    _queue(
        Outbox(
            channel=channel,
            recipient=recipient,
            messages=[_plain(m) for m in messages],
            about=about,
            reply_token=reply_token,
            reply_token_at=reply_token_at,
        )
    )


def say_many(
    channel: str, recipients: Sequence[str], messages: Sequence[Outgoing], *, about: str = ""
) -> int:
    """Queue one text to many people, one row per block of 500; returns the number of rows."""
    people = list(dict.fromkeys(recipients))
    blocks = [people[i : i + MULTICAST_BLOCK] for i in range(0, len(people), MULTICAST_BLOCK)]
    for block in blocks:
        _queue(
            Outbox(
                channel=channel,
                recipients=block,
                messages=[_plain(m) for m in messages],
                about=about,
            )
        )
    return len(blocks)


def settle(outbox_id: int, *, actor: str) -> None:
    """Staff has dealt with a failed delivery (by telephone, say); it leaves the waiting list."""
    with transaction.atomic():
        row = Outbox.objects.select_for_update().get(pk=outbox_id, state=Outbox.State.REFUSED)
        row.settled_at = clock.now()
        row.settled_by = actor
        row.save(update_fields=["settled_at", "settled_by"])
        audit.record("outbox.settle", f"outbox:{row.pk}", actor=actor)


def try_again(outbox_id: int, *, actor: str) -> None:
    """Staff asks for another attempt of a failed delivery, with the same key."""
    with transaction.atomic():
        row = Outbox.objects.select_for_update().get(pk=outbox_id, state=Outbox.State.REFUSED)
        row.state = Outbox.State.WAITING
        row.next_at = clock.now()
        row.lease = None
        row.lease_until = None
        row.save(update_fields=["state", "next_at", "lease", "lease_until"])
        audit.record("outbox.retry", f"outbox:{row.pk}", actor=actor)
        transaction.on_commit(lambda: wakeup.outbox(row.town_id))


def came_back(key: str, detail: str) -> bool:
    """The other side tells later that a delivery did not arrive; staff sees it like a refusal.

    ``detail`` is for staff, without personal data. Returns whether a sent delivery of the current
    town has this ``key``; telling twice counts once.
    """
    sent = Outbox.objects.filter(key=key, state=Outbox.State.SENT)
    back = sent.update(state=Outbox.State.REFUSED, detail=detail[:300], settled_at=None)
    return back == 1


def read_messages(row: Outbox) -> tuple[Outgoing, ...]:
    """The messages of a row as plain data."""
    return tuple(
        Outgoing(
            text=message["text"],
            quick_replies=tuple(
                QuickReply(ReplyKind(q["kind"]), q["label"], q["value"])
                for q in message.get("quick_replies", [])
            ),
        )
        for message in row.messages
    )


def _plain(message: Outgoing) -> dict[str, object]:
    return {
        "text": message.text,
        "quick_replies": [
            {"kind": q.kind.value, "label": q.label, "value": q.value}
            for q in message.quick_replies
        ],
    }


def _queue(row: Outbox) -> None:
    town = current.town_id()
    row.created_at = row.next_at = clock.now()
    row.save()
    transaction.on_commit(lambda: wakeup.outbox(town))
