"""A person's record is read in the open: every reading is an entry in the audit log."""

from django.db import transaction

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.people.models import Person


def read_person(person_id: int, *, actor: str, purpose: str = "") -> Person:
    """The person with contacts, household and supporters at hand.

    ``purpose`` is a code word such as "case", no sentence. Raises ``Person.DoesNotExist``.
    """
    with transaction.atomic():
        person = Person.objects.prefetch_related(
            "contacts", "households__household", "supporters__supporter", "proxies__person"
        ).get(pk=person_id)
        audit.record("person.read", f"person:{person_id}", actor=actor, purpose=purpose)
    return person
