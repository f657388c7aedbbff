"""The server is told the town, and told again when it forgot."""

import pytest
from django.db import DatabaseError, connection, transaction

from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Counter

pytestmark = pytest.mark.django_db(transaction=True)


def told():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('madoguchi.town', true)")
        return cursor.fetchone()[0]


def test_the_setting_follows_the_scope(counter):
    assert told() == ""
    with current.use(5):
        assert told() == "5"
        with current.everywhere("test"):
            assert told() == "*"
        assert told() == "5"
    assert told() == ""


def test_it_is_told_again_after_a_rollback(counter):
    with current.use(5):
        assert told() == "5"
    with current.use(6):
        with transaction.atomic():
            assert told() == "6"
            transaction.set_rollback(True)
        assert told() == "6"
        with transaction.atomic():
            with current.use(7), transaction.atomic():
                assert told() == "7"
                transaction.set_rollback(True)
            with current.use(7):
                assert told() == "7"


def test_it_is_told_again_on_a_new_connection(counter):
    with current.use(5):
        assert told() == "5"
        connection.close()
        assert told() == "5"


def test_a_savepoint_is_rolled_back_after_a_failed_statement_in_another_scope(counter):
    def fails():
        with transaction.atomic(), current.use(99), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    with current.use(counter.town_id), transaction.atomic():
        with pytest.raises(DatabaseError):
            fails()
        assert Counter.objects.count() == 1


def test_plain_sql_is_confined_for_reading_and_writing(counter):
    def execute(sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.rowcount

    for scope in (current.use(counter.town_id + 1), current.use(counter.town_id + 2)):
        with scope:
            assert execute("SELECT * FROM towns_counter") == 0
            assert execute("UPDATE towns_counter SET value = 9") == 0
            assert execute("DELETE FROM towns_counter") == 0
    assert execute("SELECT * FROM towns_counter") == 0
    with current.use(counter.town_id):
        assert execute("SELECT * FROM towns_counter") == 1
    with current.everywhere("test"):
        assert execute("SELECT * FROM towns_counter") == 1


def test_plain_sql_cannot_insert_into_another_town(counter):
    insert = "INSERT INTO towns_counter (town_id, name, value) VALUES (%s, 'x', 1)"
    town, refused = counter.town_id, pytest.raises(DatabaseError, match="row-level")
    with current.use(town + 1), connection.cursor() as cursor, refused:
        cursor.execute(insert, [town])


def test_a_long_query_keeps_its_rows_while_the_town_changes(counter):
    with current.use(counter.town_id):
        Counter.objects.bulk_create([Counter(name=f"c{i}") for i in range(300)])
    seen = 0
    with current.everywhere("test"), transaction.atomic():
        for row in Counter.objects.iterator(chunk_size=10):
            with current.use(row.town_id):
                Counter.objects.filter(pk=row.pk).update(value=1)
            seen += 1
    assert seen == 301
