"""What the ledger gives up when a person is erased: words, names, places, photos. Rows stay."""

from django.db.models import Value
from django.db.models.functions import Coalesce

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages.models import Conversation, Inbound, Outbox
from madoguchi.kernel.people.data import ContactRef

ERASED = "erased-"


def erase(_person_id: int, contacts: list[ContactRef]) -> None:
    """Blank the messages of these contacts; runs in the transaction of the erasure.

    A photo that somebody else sent, too, is kept for them. A delivery that still waits is not sent.
    """
    for contact in contacts:
        _erase_contact(contact)


def _erase_contact(contact: ContactRef) -> None:
    name = f"{ERASED}{contact.id}"
    mine = {"channel": contact.channel, "sender": contact.address}
    said = Inbound.objects.filter(**mine)
    photos = set(said.filter(file__isnull=False).values_list("file_id", flat=True))
    said.update(
        sender=name, text="", data="", media="", reply_token="", lat=None, lon=None, radius_m=None
    )
    Inbound.objects.filter(channel=contact.channel, sender=name).update(
        state=Inbound.State.DONE,
        done_at=Coalesce("done_at", Value(clock.now())),
        lease=None,
        lease_until=None,
    )
    heard = Outbox.objects.filter(channel=contact.channel, recipient=contact.address)
    heard.filter(state=Outbox.State.WAITING).update(
        state=Outbox.State.REFUSED,
        detail="受け取る人の情報が消去されました。",
        settled_by="system:erase",
        settled_at=clock.now(),
    )
    heard.update(recipient=name, messages=[], reply_token="")
    Conversation.objects.filter(**mine).delete()
    shared = Inbound.objects.filter(file_id__in=photos).exclude(sender__startswith=ERASED)
    for photo in photos - set(shared.values_list("file_id", flat=True)):
        files.erase(photo)
