"""Several at once: no number twice, no seq out of order, no dead end."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import current


def at_once(town_id: int, *acts: Callable[[], object]) -> list[BaseException]:
    """Run each act in a thread of its own; what they raised."""
    errors: list[BaseException] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            with current.use(town_id):
                gate.wait(10)
                act()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return errors


def open_case() -> Case:
    return cases.open_case(service="disaster", title="冠水", actor="system:triage")


@pytest.mark.django_db(transaction=True)
def test_many_open_at_once() -> None:
    town = towns.create_town("13208")
    assert at_once(town.pk, *[lambda: [open_case() for _ in range(5)]] * 4) == []
    with current.use(town.pk):
        numbers = sorted(Case.objects.values_list("number", flat=True))
        assert [int(n.partition("-")[2]) for n in numbers] == list(range(1, 21))
        assert sorted(Case.objects.values_list("seq", flat=True)) == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_two_merge_each_into_the_other() -> None:
    town = towns.create_town("13208")
    with current.use(town.pk):
        first, second = open_case().pk, open_case().pk
    errors = at_once(
        town.pk,
        lambda: cases.merge(first, second, actor="staff:1"),
        lambda: cases.merge(second, first, actor="staff:2"),
    )
    assert [type(error) for error in errors] == [cases.NotAllowed]
    with current.use(town.pk):
        assert sorted(Case.objects.values_list("state", "witnesses")) == [("merged", 0), ("new", 2)]


@pytest.mark.django_db(transaction=True)
def test_witnesses_that_come_at_once_all_count() -> None:
    town = towns.create_town("13208")
    with current.use(town.pk):
        pk = open_case().pk
    add = lambda: [cases.add_witness(pk, actor="system:triage") for _ in range(5)]  # noqa: E731
    assert at_once(town.pk, add, add, add) == []
    with current.use(town.pk):
        assert Case.objects.get(pk=pk).witnesses == 16


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_a_case_one_is_told() -> None:
    town = towns.create_town("13208")
    with current.use(town.pk):
        case = open_case()
    errors = at_once(
        town.pk,
        lambda: cases.settle(case.pk, actor="staff:1", expected_seq=case.seq),
        lambda: cases.refuse(case.pk, reason="対象外", actor="staff:2", expected_seq=case.seq),
    )
    assert [type(error) for error in errors] == [cases.Conflict]
