"""印刷して渡す: the letters that wait, and what staff does with them."""

import uuid

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.channels.paper.models import Addressee, Letter
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.data import ContactRef


def addressee(name: str, address: str, *, actor: str) -> ContactRef:
    """Somebody without a device, to whom letters go; each call makes one."""
    if not name.strip():
        raise ValueError("a letter needs a name")
    with transaction.atomic():
        contact = people.contact_for("paper", f"p{uuid.uuid4().hex}")
        Addressee.objects.create(
            contact_id=contact.id, name=name.strip()[:60], address=address.strip()[:200]
        )
        audit.record("paper.addressee", f"person:{contact.person_id}", actor=actor)
    return contact


def waiting() -> QuerySet[Letter]:
    """Letters that are not handed over yet, the oldest first."""
    rows = Letter.objects.select_related("contact__addressee")
    return rows.filter(handed_at=None).order_by("id")


def handed() -> QuerySet[Letter]:
    """Letters that were handed over, the newest first."""
    rows = Letter.objects.select_related("contact__addressee")
    return rows.exclude(handed_at=None).order_by("-handed_at", "-id")


def mark_printed(letter_ids: list[int], *, actor: str) -> int:
    """Staff has printed these; printing again changes nothing. Returns how many were new."""
    fresh = 0
    with transaction.atomic():
        rows = Letter.objects.select_for_update().filter(pk__in=letter_ids, printed_at=None)
        for row in rows.order_by("id"):
            row.printed_at, row.printed_by = clock.now(), actor
            row.save(update_fields=["printed_at", "printed_by"])
            audit.record("letter.print", f"letter:{row.pk}", actor=actor)
            fresh += 1
    return fresh


def hand_over(letter_id: int, how: Letter.How, *, actor: str) -> bool:
    """The letter has gone to the person; False when it had before. Raises ``DoesNotExist``."""
    with transaction.atomic():
        row = Letter.objects.select_for_update().get(pk=letter_id)
        if row.handed_at is not None:
            return False
        row.handed_at, row.handed_by, row.handed_how = clock.now(), actor, how
        row.save(update_fields=["handed_at", "handed_by", "handed_how"])
        audit.record("letter.hand_over", f"letter:{row.pk}", actor=actor, how=how.value)
    return True


def erase(_person_id: int, contacts: list[ContactRef]) -> None:
    """Forget name, address and words of an erased person; what waits is not printed."""
    ids = [contact.id for contact in contacts]
    Addressee.objects.filter(contact_id__in=ids).update(name="", address="")
    Letter.objects.filter(contact_id__in=ids).update(text="")
    Letter.objects.filter(contact_id__in=ids, handed_at=None).update(
        handed_at=clock.now(), handed_by="system:erase", handed_how=Letter.How.OTHER
    )
