"""What the room gives up when a person is erased: their words. The case and its place stay."""

from madoguchi.kernel.people.data import ContactRef
from madoguchi.services.disaster.models import Report


def erase(_person_id: int, contacts: list[ContactRef]) -> None:
    """Blank the reports of these contacts; runs in the transaction of the erasure."""
    Report.objects.filter(contact_id__in=[contact.id for contact in contacts]).update(
        text="", place_text="", reasons=[]
    )
