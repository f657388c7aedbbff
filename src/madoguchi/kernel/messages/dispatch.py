"""From a stored event to its effect: build the turn, route it, mark the row as done."""

from django.db import transaction

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import router, taking_back
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.messages.models import Conversation, Inbound
from madoguchi.kernel.messages.turn import Dialogue, Turn
from madoguchi.kernel.people import api as people
from madoguchi.kernel.places.data import Point


def apply(row: Inbound) -> None:
    """Apply one event. Runs inside the transaction that holds the row; all or nothing."""
    contact = people.hear(people.contact_for(row.channel, row.sender), row.text)
    if row.kind in (EventKind.FOLLOW.value, EventKind.UNFOLLOW.value):
        people.set_following(row.channel, row.sender, row.kind == EventKind.FOLLOW.value)
    row.contact_id = contact.id
    row.for_person_id = people.acting_for(contact.person_id)
    if row.kind == EventKind.UNSEND.value:
        taking_back.take_back(row, actor=f"person:{contact.person_id}")
        row.route_reason = taking_back.REASON
    elif taking_back.is_taken_back(row):
        taking_back.erase(row, actor=f"person:{contact.person_id}")
    else:
        choice = router.route(turn_of(row, contact))
        row.service = choice.service if choice else ""
        row.route_reason = (choice.reason if choice else "受け持つ窓口が見つかりません")[:200]
    row.state = Inbound.State.DONE
    row.done_at = clock.now()
    row.lease = row.lease_until = None
    row.save()


def hand_over(inbound_id: int, service: str, *, actor: str) -> None:
    """Staff gives a message to another service, which takes it as if it had been routed there.

    Raises KeyError for a service that is not at the door of the town.
    """
    listener = router.present()[service]
    with transaction.atomic():
        row = Inbound.objects.select_for_update().get(pk=inbound_id)
        contact = people.contact_for(row.channel, row.sender)
        turn = turn_of(row, contact)
        turn.handed_over = True
        listener.handle(turn)
        turn.finish()
        row.service = service
        row.route_reason = "職員が引き継ぎました"
        row.state = Inbound.State.DONE
        row.done_at = row.done_at or clock.now()
        row.save()
        audit.record("inbound.hand_over", f"inbound:{row.pk}", actor=actor, service=service)


def turn_of(row: Inbound, contact: people.ContactRef) -> Turn:
    """The turn of a stored event."""
    return Turn(
        inbound_id=row.pk,
        channel=row.channel,
        incoming=incoming_of(row),
        contact=contact,
        conversation=_dialogue(row),
        now=clock.now(),
        file=files.ref(row.file_id) if row.file_id else None,
        file_note=row.file_note,
    )


def incoming_of(row: Inbound) -> Incoming:
    """The stored event as plain data."""
    point = Point(row.lat, row.lon) if row.lat is not None and row.lon is not None else None
    return Incoming(
        external_id=row.external_id,
        kind=EventKind(row.kind),
        sender=row.sender,
        sent_at=row.sent_at,
        text=row.text,
        point=point,
        radius_m=row.radius_m or 0,
        media=row.media,
        data=row.data,
        group=row.group,
        message=row.message,
        reply_token=row.reply_token,
        reply_token_at=row.reply_token_at,
    )


def _dialogue(row: Inbound) -> Dialogue:
    stored = Conversation.objects.filter(channel=row.channel, sender=row.sender).first()
    if stored is None:
        return Dialogue()
    return Dialogue(stored.service, stored.step, stored.data, stored.expires_at)
