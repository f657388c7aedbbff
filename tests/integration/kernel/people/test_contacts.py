"""Contacts: one person behind one address, however often and from wherever it comes."""

import threading

import pytest
from django.db import connection

from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Contact, Person
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town


def test_an_address_is_one_person_per_channel_and_town(town: Town, other_town: Town) -> None:
    first = people.contact_for("line", "U1")
    assert people.contact_for("line", "U1") == first
    assert people.contact_for("web", "U1").person_id != first.person_id
    with current.use(other_town.pk):
        elsewhere = people.contact_for("line", "U1")
    assert elsewhere.id != first.id
    assert Person.objects.count() == 2


def test_following_is_noted_even_before_the_first_word(town: Town) -> None:
    people.set_following("line", "U1", True)
    people.contact_for("line", "U2")
    people.set_following("line", "U3", False)
    people.contact_for("web", "w1")
    assert people.followers("line") == ["U1", "U2"]
    people.set_following("line", "U3", True)
    people.set_following("line", "U1", False)
    assert people.followers("line") == ["U2", "U3"]


def test_an_empty_address_is_an_error(town: Town) -> None:
    with pytest.raises(ValueError, match="address"):
        people.contact_for("line", "")


@pytest.mark.django_db(transaction=True)
def test_at_once_one_is_made_and_all_get_it() -> None:
    town = towns.create_town("13208")
    found: list[int] = []
    gate = threading.Barrier(6)

    def come() -> None:
        try:
            with current.use(town.pk):
                gate.wait(10)
                for number in range(5):
                    found.append(people.contact_for("line", f"U{number}").id)
        finally:
            connection.close()

    threads = [threading.Thread(target=come) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 30
    assert len(set(found)) == 5
    with current.use(town.pk):
        assert Contact.objects.count() == Person.objects.count() == 5
