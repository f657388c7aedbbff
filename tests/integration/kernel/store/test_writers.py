"""Many writers at once, on either database: nothing is lost, nothing is left locked."""

from django.db import connection, transaction
from django.db.models import F

from madoguchi.kernel.towns import counters, current
from madoguchi.kernel.towns.models import Counter

THREADS = 20


def read(counter):
    with current.use(counter.town_id):
        return Counter.objects.get(pk=counter.pk).value


def read_change_write(counter):
    with transaction.atomic():
        row = Counter.objects.select_for_update().get(pk=counter.pk)
        row.value += 1
        row.save()


def test_no_update_is_lost(counter, run_together):
    def work():
        for _ in range(10):
            read_change_write(counter)

    assert run_together(counter.town_id, *[work] * THREADS) == []
    assert read(counter) == THREADS * 10


def test_single_writes_outside_a_transaction_are_safe_too(counter, run_together):
    def work():
        for _ in range(10):
            Counter.objects.filter(pk=counter.pk).update(value=F("value") + 1)

    def in_a_transaction():
        for _ in range(10):
            read_change_write(counter)

    works = [work, in_a_transaction] * (THREADS // 2)
    assert run_together(counter.town_id, *works) == []
    assert read(counter) == THREADS * 10


def test_running_numbers_have_no_gap_and_no_double(counter, run_together):
    given = []

    def work():
        for step in range(5):
            with transaction.atomic():
                number = counters.next_value("case")
                if step == 2:
                    transaction.set_rollback(True)
                else:
                    given.append(number)

    assert run_together(counter.town_id, *[work] * THREADS) == []
    assert sorted(given) == list(range(1, THREADS * 4 + 1))


def test_an_exception_frees_the_lock(counter, run_together):
    def fails():
        with transaction.atomic():
            Counter.objects.update(value=100)
            raise ZeroDivisionError

    errors = run_together(counter.town_id, *[fails] * 3)
    assert [type(e) for e in errors] == [ZeroDivisionError] * 3
    assert run_together(counter.town_id, lambda: read_change_write(counter)) == []
    assert read(counter) == 1


def test_an_inner_rollback_keeps_the_outer_transaction(counter, run_together):
    def work():
        with transaction.atomic():
            read_change_write(counter)
            with transaction.atomic():
                Counter.objects.update(value=500)
                transaction.set_rollback(True)
            read_change_write(counter)

    assert run_together(counter.town_id, *[work] * 5) == []
    assert read(counter) == 10


def test_closing_the_connection_inside_a_transaction_frees_the_lock(counter, run_together):
    def closes():
        with transaction.atomic():
            Counter.objects.update(value=100)
            connection.close()

    run_together(counter.town_id, closes)
    assert run_together(counter.town_id, lambda: read_change_write(counter)) == []
    assert read(counter) == 1
