"""What the room gives up when a person is erased: the mails' words and addresses. Rows stay."""

from madoguchi.channels.mail.models import StoredLetter
from madoguchi.kernel.people.data import ContactRef


def erase(_person_id: int, contacts: list[ContactRef]) -> None:
    """Blank the mails of these contacts; runs in the transaction of the erasure.

    The mail that still lies in the town's mailbox is deleted there, by hand.
    """
    addresses = [contact.address for contact in contacts if contact.channel == "mail"]
    StoredLetter.objects.filter(sender__in=addresses).update(
        sender="", subject="", text="", message_id="", references=""
    )
