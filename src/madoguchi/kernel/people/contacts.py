"""Persons by the way they are reached."""

from dataclasses import replace

from django.db import IntegrityError, transaction

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people.data import ContactRef
from madoguchi.kernel.people.models import Contact, Person
from madoguchi.kernel.people.tongue import language_told


def contact_for(channel: str, address: str) -> ContactRef:
    """The contact of that address in the current town; a new one comes with a new person.

    Safe to call at the same time from several processes: one of them creates, all get the same.
    """
    if not address:
        raise ValueError("a contact needs an address")
    known = _find(channel, address)
    if known is not None:
        return ref_of(known)
    try:
        return ref_of(_make(channel, address))
    except IntegrityError:  # another process was faster
        known = _find(channel, address)
        if known is None:
            raise
        return ref_of(known)


def speak(contact: ContactRef, language: str) -> ContactRef:
    """Note the language in which somebody wants to be answered; one of ``Person.Language``."""
    if language == contact.language:
        return contact
    Person.objects.filter(pk=contact.person_id).update(preferred_language=language)
    return replace(contact, language=language)


def hear(contact: ContactRef, text: str) -> ContactRef:
    """Follow the language somebody writes in: English words are answered in English.

    Who chose easy Japanese keeps it while writing Japanese.
    """
    told = language_told(text)
    if told == "en" or (told == "ja" and contact.language == "en"):
        return speak(contact, told)
    return contact


def set_following(channel: str, address: str, following: bool) -> None:
    """Note that somebody follows the town on this channel, or no longer does."""
    contact = contact_for(channel, address)
    Contact.objects.filter(pk=contact.id).update(following=following, updated_at=clock.now())


def person_of(channel: str, address: str) -> int | None:
    """Whose address it is, if it is known; nothing is made."""
    known = _find(channel, address)
    return known.person_id if known else None


def followers(channel: str) -> list[str]:
    """The addresses of all who follow the town on this channel, in the order they came."""
    rows = Contact.objects.filter(channel=channel, following=True, person__erased_at=None)
    return list(rows.order_by("id").values_list("address", flat=True))


def ref_of(contact: Contact) -> ContactRef:
    """A contact (with its person) as plain data."""
    return ContactRef(
        id=contact.pk,
        person_id=contact.person_id,
        channel=contact.channel,
        address=contact.address,
        following=contact.following,
        verified=contact.verified,
        language=contact.person.preferred_language,
    )


def _make(channel: str, address: str) -> Contact:
    """A contact with a new person. Who writes can be answered, until they stop following."""
    with transaction.atomic():
        person = Person.objects.create()
        return Contact.objects.create(person=person, channel=channel, address=address)


def _find(channel: str, address: str) -> Contact | None:
    rows = Contact.objects.select_related("person")
    return rows.filter(channel=channel, address=address).first()
