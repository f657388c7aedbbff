"""The chain holds for what was sealed, and for nothing else."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.kernel.audit import api, sealing
from madoguchi.kernel.audit.models import Entry, Head, Seal
from madoguchi.kernel.clock import api as time
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import current


def fill(batches=3, entries=4):
    """Several sealed batches."""
    for batch in range(batches):
        for number in range(entries):
            api.record("case.see", f"case:{number}", actor="staff:1", batch=batch)
        assert api.seal(time.now()) == entries


def test_sealing_takes_all_that_is_there_and_then_nothing(town):
    assert api.seal(time.now()) == 0
    assert not Head.objects.exists()
    fill(batches=2, entries=3)
    assert api.seal(time.now()) == 0
    assert list(Seal.objects.order_by("number").values_list("number", "count")) == [(1, 3), (2, 3)]
    report = api.verify()
    assert (report.ok, report.sealed, report.unsealed_tail) == (True, 6, 0)


def test_the_unsealed_tail_is_told(town):
    fill(1, 2)
    api.record("a.b", "case:1", actor="staff:1")
    report = api.verify()
    assert (report.ok, report.sealed, report.unsealed_tail) == (True, 2, 1)


def test_each_town_has_a_chain_of_its_own(town, other_town):
    fill(2, 2)
    with current.use(other_town.pk):
        api.record("a.b", "case:1", actor="staff:1")
    assert api.seal(time.now()) == 1
    with current.use(other_town.pk):
        assert Seal.objects.get().number == 1
    report = api.verify()
    assert report.ok
    assert report.sealed == 5
    assert {code: head.split(":")[0] for code, head in report.heads.items()} == {
        "13208": "2",
        "13205": "1",
    }


def test_a_big_backlog_is_sealed_in_batches(town, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 10)
    for number in range(25):
        api.record("a.b", f"case:{number}", actor="staff:1")
    assert api.seal(time.now()) == 25
    assert list(Seal.objects.order_by("number").values_list("count", flat=True)) == [10, 10, 5]
    assert api.verify().ok


def test_a_lower_id_may_be_sealed_later(town):
    """On PostgreSQL a transaction that began first may commit last."""
    api.record("a.b", "case:1", actor="staff:1")
    first = Entry.objects.get()
    take_triggers_away()
    execute("UPDATE audit_entry SET id = id + 1000 WHERE id = %s", [first.pk])
    api.seal(time.now())
    execute(
        "INSERT INTO audit_entry (id, town_id, at, verb, subject, actor, ids)"
        " SELECT id - 500, town_id, at, verb, subject, actor, ids FROM audit_entry",
    )
    assert api.seal(time.now()) == 1
    assert api.verify().ok


def test_erasing_a_person_leaves_the_chain_valid(town):
    """Nothing of the person stands in the log, so there is nothing to take out of it."""
    person = people.contact_for("line", "U花子").person_id
    name = api.keyed_hash("調布 花子")
    api.record("person.read", f"person:{person}", actor="staff:1", name=name)
    api.seal(time.now())
    people.erase(person, actor="staff:1")
    assert api.seal(time.now()) >= 1
    assert api.verify().ok
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb, subject, actor, ids FROM audit_entry")
        assert "花子" not in str(cursor.fetchall())


def test_another_key_does_not_verify(town, settings):
    fill()
    settings.AUDIT_KEY = "another"
    report = api.verify()
    assert not report.ok
    assert report.broken_at[0].seal == 1


def execute(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params) or None)


def take_triggers_away():
    """As an attacker may who owns the tables; comes back with the test's rollback."""
    if connection.vendor == "postgresql":
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("entry", "seal", "head"):
            execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER")
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


@contextmanager
def attack():
    """A transaction without triggers, undone at its end."""
    with transaction.atomic():
        take_triggers_away()
        yield
        transaction.set_rollback(True)


def entry_ids():
    return list(Entry.objects.exclude(seal=None).order_by("id").values_list("pk", flat=True))


TAMPERINGS = {
    "delete an entry": lambda pks, i: execute("DELETE FROM audit_entry WHERE id = %s", [pks[i]]),
    "change a verb": lambda pks, i: execute(
        "UPDATE audit_entry SET verb = verb || 'x' WHERE id = %s", [pks[i]]
    ),
    "change an actor": lambda pks, i: execute(
        "UPDATE audit_entry SET actor = 'staff:2' WHERE id = %s", [pks[i]]
    ),
    "change a subject": lambda pks, i: execute(
        "UPDATE audit_entry SET subject = 'case:77' WHERE id = %s", [pks[i]]
    ),
    "change ids": lambda pks, i: execute(
        "UPDATE audit_entry SET ids = '{\"batch\": 7}' WHERE id = %s", [pks[i]]
    ),
    "change the time": lambda pks, i: execute(
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE id = %s", [pks[i]]
    ),
    "unseal an entry": lambda pks, i: execute(
        "UPDATE audit_entry SET seal_id = NULL WHERE id = %s", [pks[i]]
    ),
    "insert a sealed entry": lambda pks, i: execute(
        "INSERT INTO audit_entry (town_id, at, verb, subject, actor, ids, seal_id)"
        " SELECT town_id, at, verb, subject, actor, ids, seal_id FROM audit_entry WHERE id = %s",
        [pks[i]],
    ),
    "move an entry to another seal": lambda pks, i: execute(
        "UPDATE audit_entry SET seal_id = (SELECT max(id) + min(id) FROM audit_seal) - seal_id"
        " WHERE id = %s",
        [pks[i]],
    ),
    "renumber an entry": lambda pks, i: execute(
        "UPDATE audit_entry SET id = id + 100000 WHERE id = %s", [pks[i]]
    ),
    "delete a seal with its entries": lambda pks, i: (
        seal := Entry.objects.get(pk=pks[i]).seal_id,
        execute("DELETE FROM audit_entry WHERE seal_id = %s", [seal]),
        execute("DELETE FROM audit_seal WHERE id = %s", [seal]),
    ),
    "change a seal's digest": lambda pks, i: execute(
        "UPDATE audit_seal SET digest = %s WHERE id = (SELECT seal_id FROM audit_entry"
        " WHERE id = %s)",
        ["0" * 64, pks[i]],
    ),
    "change a seal's time": lambda pks, i: execute(
        "UPDATE audit_seal SET at = '2020-01-01 00:00:00' WHERE id = (SELECT seal_id FROM"
        " audit_entry WHERE id = %s)",
        [pks[i]],
    ),
}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    shape=st.lists(st.integers(1, 4), min_size=2, max_size=4).filter(lambda s: len(s) != 3),
    how=st.sampled_from(sorted(TAMPERINGS)),
    where=st.integers(0, 1000),
)
def test_every_tampering_with_what_is_sealed_is_found(town, shape, how, where):
    with transaction.atomic():
        for batch, entries in enumerate(shape):
            for number in range(entries):
                api.record("case.see", f"case:{number}", actor="staff:1", batch=batch)
            api.seal(time.now())
        assert api.verify().ok
        pks = entry_ids()
        index = where % len(pks)
        sizes = [sum(shape[: n + 1]) for n in range(len(shape))]
        broken = next(n + 1 for n, size in enumerate(sizes) if index < size)
        with attack():
            TAMPERINGS[how](pks, index)
            report = api.verify()
        transaction.set_rollback(True)
    assert not report.ok, how
    (found,) = report.broken_at
    assert found.town == "13208"
    if how == "move an entry to another seal":
        assert found.seal == min(broken, len(shape) + 1 - broken)
    else:
        assert found.seal == broken


def test_entries_that_change_places_are_found(town):
    fill(1, 3)
    first, second, _ = entry_ids()
    with attack():
        execute("UPDATE audit_entry SET id = 100001 WHERE id = %s", [first])
        execute("UPDATE audit_entry SET id = %s WHERE id = %s", [first, second])
        execute("UPDATE audit_entry SET id = %s WHERE id = 100001", [second])
        report = api.verify()
    assert [b.seal for b in report.broken_at] == [1]


@pytest.mark.parametrize("head", ["kept", "set back", "deleted"])
def test_an_end_that_is_cut_off_is_found(town, head):
    """A head set back needs a digest that only the key can make, or an old copy of the row."""
    fill(3, 2)
    with attack():
        last = Seal.objects.get(number=3).pk
        execute("DELETE FROM audit_entry WHERE seal_id = %s", [last])
        execute("DELETE FROM audit_seal WHERE id = %s", [last])
        if head == "set back":
            execute("UPDATE audit_head SET number = 2, digest = %s", ["0" * 64])
        if head == "deleted":
            execute("DELETE FROM audit_head")
        report = api.verify()
    assert [b.seal for b in report.broken_at] == [3]


def record_pairs():
    for number in range(20):
        with transaction.atomic():
            api.record("a.b", f"case:{number}", actor="staff:1")
            api.record("a.c", f"case:{number}", actor="staff:1")


@pytest.mark.django_db(transaction=True)
def test_sealers_and_writers_at_once(clock):
    town = towns.create_town("13208")
    errors, reports, stop = [], [], threading.Event()

    def in_thread(work):
        def run():
            try:
                with current.use(town.pk):
                    work()
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

        return threading.Thread(target=run)

    def until_stopped(work):
        while not stop.is_set():
            work()

    writers = [in_thread(record_pairs) for _ in range(4)]
    seals = [in_thread(lambda: until_stopped(lambda: api.seal(time.now()))) for _ in range(2)]
    verifies = in_thread(lambda: until_stopped(lambda: reports.append(api.verify())))
    for thread in [*writers, *seals, verifies]:
        thread.start()
    for thread in writers:
        thread.join(60)
    stop.set()
    for thread in [*seals, verifies]:
        thread.join(60)
    assert errors == []
    api.seal(time.now())
    report = api.verify()
    assert (report.ok, report.sealed, report.unsealed_tail) == (True, 160, 0)
    assert all(r.ok for r in reports)
