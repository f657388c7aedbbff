import pytest
from django.db import transaction

from madoguchi.kernel.towns import counters, current


def test_numbers_run_from_one_in_each_town_and_name(town, other_town):
    assert [counters.next_value("case") for _ in range(3)] == [1, 2, 3]
    assert counters.next_value("bill") == 1
    with current.use(other_town.pk):
        assert counters.last_value("case") == 0
        assert counters.next_value("case") == 1
    assert counters.last_value("case") == 3


def test_a_rolled_back_number_is_given_again(town):
    with transaction.atomic():
        counters.next_value("case")
        transaction.set_rollback(True)
    assert counters.next_value("case") == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_there_is_no_number():
    with current.use(1), pytest.raises(transaction.TransactionManagementError):
        counters.next_value("case")


def test_without_a_town_there_is_no_number(db):
    with pytest.raises(current.NoTown):
        counters.next_value("case")
