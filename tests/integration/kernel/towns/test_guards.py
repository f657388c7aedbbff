import pytest
from django.core.management import call_command
from django.db import connection

from madoguchi.kernel.towns import guards


@pytest.mark.django_db
def test_after_migrate_the_wall_is_whole():
    assert guards.missing() == []


@pytest.mark.django_db
def test_what_is_taken_down_is_missed_and_can_be_put_up_again():
    guards.remove()
    missing = guards.missing()
    assert len(missing) >= 2 * len(guards.town_models())
    guards.install()
    guards.install()
    assert guards.missing() == []


@pytest.mark.django_db
def test_one_guard_less_is_noticed():
    table = "towns_counter"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f'DROP TRIGGER "madoguchi_{table}_insert"')
        else:
            cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    assert len(guards.missing()) == 1


@pytest.mark.django_db(transaction=True)
def test_the_wall_stands_after_a_flush_and_another_migrate():
    call_command("flush", interactive=False, verbosity=0)
    assert guards.missing() == []
    call_command("migrate", verbosity=0)
    assert guards.missing() == []


@pytest.mark.django_db
def test_the_role_of_the_tests_is_bound_by_row_level_security():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            )
            assert cursor.fetchone() == (False,)
