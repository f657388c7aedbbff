import pytest
from django.db import IntegrityError, connection, transaction

from madoguchi.kernel.audit import api
from madoguchi.kernel.audit.models import Entry, Head, Seal
from madoguchi.kernel.clock import api as time
from madoguchi.kernel.towns import current


def test_an_entry_says_who_did_what_when(town):
    api.record("case.assign", "case:12", actor="staff:3", department=4, before="new", note=None)
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject, entry.actor) == ("case.assign", "case:12", "staff:3")
    assert entry.ids == {"department": 4, "before": "new", "note": None}
    assert (entry.at, entry.seal) == (time.now(), None)


def test_content_is_refused(town):
    api.record("a.b", "case:1", actor="staff:1", text=api.keyed_hash("冠水しています"))
    for bad in (
        lambda: api.record("a.b", "case:1", actor="staff:1", text="冠水"),
        lambda: api.record("a.b", "case:1", actor="staff:1", text="two words"),
        lambda: api.record("a.b", "case:1", actor="staff:1", mail="a@example.jp"),
        lambda: api.record("a.b", "case:1", actor="調布 太郎"),
        lambda: api.record("a.b", "case 1", actor="staff:1"),
        lambda: api.record("saw the case", "case:1", actor="staff:1"),
    ):
        with pytest.raises(ValueError, match=r"name|reference|content"):
            bad()
    assert Entry.objects.count() == 1


def test_an_entry_goes_with_its_transaction(town):
    with transaction.atomic():
        api.record("a.b", "case:1", actor="staff:1")
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_without_a_town_nothing_is_recorded(db):
    with pytest.raises(current.NoTown):
        api.record("a.b", "case:1", actor="staff:1")


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM audit_entry",
        "UPDATE audit_entry SET verb = 'x'",
        "UPDATE audit_entry SET ids = '{}'",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00'",
        "UPDATE audit_entry SET actor = 'staff:9', seal_id = seal_id",
        "UPDATE audit_entry SET seal_id = NULL",
        "INSERT INTO audit_entry (town_id, at, verb, subject, actor, ids, seal_id)"
        " SELECT town_id, at, verb, subject, actor, ids, 1 FROM audit_entry",
    ],
)
def test_the_database_refuses_to_change_the_log(town, sealed, sql):
    api.record("a.b", "case:1", actor="staff:1", x=1)
    if sealed:
        api.seal(time.now())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert api.verify().ok
    assert Entry.objects.get().ids == {"x": 1}


@pytest.mark.parametrize("sql", ["DELETE FROM audit_seal", "UPDATE audit_seal SET digest = ''"])
def test_the_database_refuses_to_change_a_seal(town, sql):
    api.record("a.b", "case:1", actor="staff:1")
    api.seal(time.now())
    with connection.cursor() as cursor:
        if sql.startswith("DELETE"):
            cursor.execute("SELECT count(*) FROM audit_seal")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Seal.objects.count() == Head.objects.get().number == 1


def test_an_entry_is_sealed_once(town):
    api.record("a.b", "case:1", actor="staff:1")
    api.seal(time.now())
    again = Seal.objects.create(number=2, at=time.now(), count=0, digest="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.update(seal=again)
