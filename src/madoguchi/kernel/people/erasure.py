"""Erasing a person under the privacy law: contents go, the numbers of rows stay."""

import uuid
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people.contacts import ref_of
from madoguchi.kernel.people.data import ContactRef
from madoguchi.kernel.people.models import (
    Contact,
    Household,
    HouseholdMember,
    Person,
    Proxy,
    ProxyAsk,
    ProxyCode,
    Supporter,
)

Eraser = Callable[[int, list[ContactRef]], None]
"""(person id, the person's contacts as they still are) -> None; erases what another room keeps."""

_erasers: list[Eraser] = []


def on_erase(eraser: Eraser) -> None:
    """Call ``eraser`` inside the transaction of every erasure; registering twice counts once."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def erase(person_id: int, *, actor: str) -> None:
    """Erase what is known of a person, in every room, or nothing if one of them fails.

    Erasing twice is harmless. Raises ``Person.DoesNotExist``.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        contacts = list(Contact.objects.filter(person=person).select_related("person"))
        for eraser in _erasers:
            eraser(person_id, [ref_of(contact) for contact in contacts])
        _blank(person, contacts)
        _leave(person)
        audit.record("person.erase", f"person:{person_id}", actor=actor)


def _blank(person: Person, contacts: list[Contact]) -> None:
    now = clock.now()
    person.display_name = ""
    person.preferred_language = Person.Language.JA
    person.needs_support = False
    person.erased_at = person.erased_at or now
    person.save()
    for contact in contacts:
        contact.address = f"erased:{uuid.uuid4()}"
        contact.following = contact.verified = False
        contact.updated_at = now
        contact.save()


def _leave(person: Person) -> None:
    """End what ties the person to others; a household without members goes with the last one."""
    households = list(person.households.values_list("household_id", flat=True))
    HouseholdMember.objects.filter(person=person).delete()
    Household.objects.filter(pk__in=households, members=None).delete()
    Proxy.objects.filter(Q(person=person) | Q(for_person=person)).delete()
    ProxyAsk.objects.filter(person=person).delete()
    ProxyCode.objects.filter(for_person=person).delete()
    Supporter.objects.filter(Q(person=person) | Q(supporter=person)).delete()
