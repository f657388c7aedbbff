"""A message of a device goes into the ledger once, whichever door it comes through."""

import uuid
from dataclasses import replace
from datetime import datetime

from madoguchi.channels.web.forms import MessageForm
from madoguchi.kernel.messages import inbox
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.people import api as people

CHANNEL = "web"


def stored(once: uuid.UUID, key: str) -> Inbound | None:
    """The message that this device has sent under this id, if it has arrived before."""
    return (
        Inbound.objects.filter(channel=CHANNEL, external_id__in=_ids(once, key), sender=key)
        .select_related("file")
        .first()
    )


def has_spoken(key: str) -> bool:
    """Whether anything of this device stands in the ledger."""
    return Inbound.objects.filter(channel=CHANNEL, sender=key).exists()


def take(form: MessageForm, key: str, file_key: str, sent_at: datetime) -> None:
    """Put a valid form into the ledger.

    An id that another device has used is not told apart from a new one: the message is stored
    under an id made of both, so that nobody reads, replaces or holds back the words of another.
    The answer comes in the language of the page.
    """
    people.speak(people.contact_for(CHANNEL, key), form.language.value)
    once: uuid.UUID = form.cleaned_data["once"]
    event = _event(form, key, file_key, sent_at)
    for external_id in _ids(once, key):
        inbox.receive(CHANNEL, [replace(event, external_id=external_id)])
        if Inbound.objects.filter(channel=CHANNEL, external_id=external_id, sender=key).exists():
            return


def _ids(once: uuid.UUID, key: str) -> tuple[str, str]:
    return str(once), str(uuid.uuid5(once, key))


def _event(form: MessageForm, key: str, file_key: str, sent_at: datetime) -> Incoming:
    text, point = form.words(), form.point()
    if text:
        kind = EventKind.TEXT
    else:
        kind = EventKind.LOCATION if point and not file_key else EventKind.IMAGE
    return Incoming(
        external_id=str(form.cleaned_data["once"]),
        kind=kind,
        sender=key,
        sent_at=sent_at,
        text=text,
        point=point,
        radius_m=max(10, min(round(form.cleaned_data.get("radius") or 50), 20_000)),
        file_key=file_key,
    )
