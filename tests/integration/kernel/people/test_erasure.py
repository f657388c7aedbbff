"""Erasing a person: contents go from every room, numbers stay, the audit log stays valid."""

import pytest
from django.db import IntegrityError, transaction

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people import erasure
from madoguchi.kernel.people.data import ContactRef
from madoguchi.kernel.people.models import (
    Contact,
    Household,
    HouseholdMember,
    Person,
    Proxy,
    Supporter,
)
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town


@pytest.fixture(autouse=True)
def no_erasers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "_erasers", [])


@pytest.fixture
def person(town: Town) -> Person:
    contact = people.contact_for("line", "U-secret")
    person = Person.objects.get(pk=contact.person_id)
    person.display_name = "調布 花子"
    person.needs_support = True
    person.save()
    child = Person.objects.create(display_name="調布 太郎")
    home = Household.objects.create(name="調布家")
    alone = Household.objects.create(name="もとの家")
    for member in (person, child):
        HouseholdMember.objects.create(household=home, person=member, role="other")
    HouseholdMember.objects.create(household=alone, person=person, role="head")
    Proxy.objects.create(person=child, for_person=person, relation="child", consent_at=clock.now())
    Supporter.objects.create(person=person, supporter=child, consent_at=clock.now())
    return person


def test_nothing_of_the_person_is_left_but_the_numbers(person: Person) -> None:
    contact = Contact.objects.get(person=person)
    people.erase(person.pk, actor="staff:1")
    left = Person.objects.get(pk=person.pk)
    assert (left.display_name, left.needs_support) == ("", False)
    assert left.erased_at is not None
    after = Contact.objects.get(pk=contact.pk)
    assert after.person_id == person.pk
    assert "U-secret" not in after.address
    assert not after.following
    assert not Proxy.objects.exists()
    assert not Supporter.objects.exists()
    assert list(Household.objects.values_list("name", flat=True)) == ["調布家"]
    everything = str([list(m.objects.values()) for m in (Person, Contact, Household, Entry)])
    assert "花子" not in everything
    assert "U-secret" not in everything


def test_other_rooms_erase_in_the_same_transaction(person: Person) -> None:
    heard: list[tuple[int, list[ContactRef]]] = []
    people.on_erase(lambda pk, contacts: heard.append((pk, contacts)))
    people.erase(person.pk, actor="staff:1")
    assert [(pk, [c.address for c in contacts]) for pk, contacts in heard] == [
        (person.pk, ["U-secret"])
    ]


def test_if_one_room_fails_nothing_is_erased(person: Person) -> None:
    def fails(pk: int, contacts: list[ContactRef]) -> None:
        raise RuntimeError

    people.on_erase(fails)
    with pytest.raises(RuntimeError):
        people.erase(person.pk, actor="staff:1")
    assert Person.objects.get(pk=person.pk).display_name == "調布 花子"
    assert not Entry.objects.filter(verb="person.erase").exists()


def test_erasing_twice_is_harmless_and_a_new_word_is_a_new_person(person: Person) -> None:
    people.erase(person.pk, actor="staff:1")
    first = Person.objects.get(pk=person.pk).erased_at
    people.erase(person.pk, actor="staff:1")
    assert Person.objects.get(pk=person.pk).erased_at == first
    assert people.contact_for("line", "U-secret").person_id != person.pk
    assert Entry.objects.filter(verb="person.erase", subject=f"person:{person.pk}").count() == 2


def test_reading_a_record_is_an_entry_without_content(person: Person) -> None:
    found = people.read_person(person.pk, actor="staff:7", purpose="case")
    assert found.display_name == "調布 花子"
    entry = Entry.objects.get(verb="person.read")
    assert (entry.subject, entry.actor, entry.ids) == (
        f"person:{person.pk}",
        "staff:7",
        {"purpose": "case"},
    )


def test_another_towns_person_is_not_there(person: Person, other_town: Town) -> None:
    with current.use(other_town.pk):
        for act in (people.read_person, people.erase):
            with pytest.raises(Person.DoesNotExist):
                act(person.pk, actor="staff:1")  # type: ignore[operator]


def test_nobody_acts_for_or_supports_themselves(person: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Proxy.objects.create(
            person=person, for_person=person, relation="child", consent_at=clock.now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Supporter.objects.create(person=person, supporter=person, consent_at=clock.now())
