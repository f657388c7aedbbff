"""What the room gives up: who asked, and their words. That somebody asked stays."""

from madoguchi.kernel.messages.data import TakenBack
from madoguchi.kernel.people.data import ContactRef
from madoguchi.services.helpdesk.data import Call
from madoguchi.services.helpdesk.models import HelpRequest


def erase(_person_id: int, contacts: list[ContactRef]) -> None:
    """Blank the requests of these contacts; runs in the transaction of the erasure."""
    HelpRequest.objects.filter(contact_id__in=[contact.id for contact in contacts]).update(
        text="", name="", phone="", call=Call.NONE, wished_on=None
    )


def take_back(taken: TakenBack) -> None:
    """Take the words of a message that its sender took back out of the request they stand in."""
    rows = HelpRequest.objects.filter(contact_id=taken.contact_id)
    if taken.file_id is not None:
        rows.filter(file_id=taken.file_id).update(file=None)
    if not (said := taken.text.strip()):
        return
    for row in rows.filter(text__contains=said):
        left, found, right = f"\n{row.text}\n".rpartition(f"\n{said}\n")
        if found:
            row.text = f"{left}\n{right}".strip("\n")
            row.save(update_fields=["text"])
