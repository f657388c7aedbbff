"""Rows of another town are out of reach, whichever way the ORM is asked."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, OuterRef, ProtectedError, Q, prefetch_related_objects

from madoguchi.kernel.audit.models import Entry, Head, Seal
from madoguchi.kernel.measures.models import Event
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Counter, Town


@pytest.fixture
def theirs(town, other_town):
    """A counter of the other town; 調布市 is current again."""
    with current.use(other_town.pk):
        return Counter.objects.create(name="case", value=7)


@pytest.fixture
def mine(town):
    return Counter.objects.create(name="case", value=1)


def sealed(clock, number):
    seal = Seal.objects.create(number=number, at=clock.now(), count=0, digest="0" * 64)
    entry = Entry.objects.create(at=clock.now(), verb="v", subject="a:1", actor="b:1")
    Entry.objects.update(seal=seal)
    return seal, entry


@pytest.mark.django_db
@pytest.mark.parametrize(
    "ask",
    [
        lambda: list(Counter.objects.all()),
        lambda: Counter.objects.count(),
        lambda: Counter.objects.exists(),
        lambda: Counter.objects.first(),
        lambda: Counter._base_manager.count(),
        lambda: Counter._default_manager.in_bulk([1]),
        lambda: Counter.objects.aggregate(n=Count("pk")),
        lambda: list(Counter.objects.iterator()),
        lambda: list(Counter.objects.values_list("pk")),
        lambda: list(Counter.objects.filter(pk=1) | Counter.objects.filter(pk=2)),
        lambda: list(Counter.objects.none().union(Counter.objects.all(), Counter.objects.all())),
        lambda: Counter.objects.update(value=1),
        lambda: Counter.objects.all().delete(),
        lambda: Counter.objects.create(name="x"),
        lambda: Counter.objects.get_or_create(name="x"),
        lambda: Counter.objects.update_or_create(name="x"),
        lambda: Counter.objects.bulk_create([Counter(name="x")]),
        lambda: Counter.objects.bulk_update([Counter(pk=1, name="x")], ["name"]),
        lambda: Counter(name="x").save(),
        lambda: Counter(pk=1, town_id=1).delete(),
        lambda: Counter(pk=1).refresh_from_db(),
    ],
)
def test_without_a_town_every_way_in_raises(ask):
    with pytest.raises(current.NoTown):
        ask()


def test_reads_show_the_current_town_alone(town, other_town, mine, theirs):
    assert list(Counter.objects.all()) == [mine]
    assert Counter._base_manager.count() == 1
    assert not Counter.objects.filter(pk=theirs.pk).exists()
    assert Counter.objects.filter(Q(pk=mine.pk) | Q(pk=theirs.pk)).count() == 1
    assert Counter.objects.exclude(pk=mine.pk).first() is None
    assert set(Counter.objects.in_bulk([mine.pk, theirs.pk])) == {mine.pk}
    with pytest.raises(Counter.DoesNotExist):
        Counter.objects.get(pk=theirs.pk)
    with current.use(other_town.pk):
        assert list(Counter.objects.all()) == [theirs]
    with current.everywhere("test"):
        assert Counter.objects.count() == 2
        assert set(Counter.objects.all()) == {mine, theirs}


def test_a_query_goes_to_the_town_where_it_runs(town, other_town, mine, theirs):
    with current.use(other_town.pk):
        written = Counter.objects.order_by("pk")
    assert list(written) == [mine]


def test_a_subquery_is_confined_too(town, other_town, mine, theirs):
    same_name = Counter.objects.filter(name=OuterRef("name")).exclude(pk=OuterRef("pk"))
    assert Counter.objects.filter(Exists(same_name)).count() == 0
    with current.everywhere("test"):
        assert Counter.objects.filter(Exists(same_name)).count() == 2


def test_raw_queries_are_refused(town):
    with pytest.raises(NotImplementedError):
        Counter.objects.raw("SELECT * FROM towns_counter")


def test_saving_fills_the_town(town):
    counter = Counter.objects.create(name="a")
    assert counter.town_id == town.pk
    (bulk,) = Counter.objects.bulk_create([Counter(name="b")])
    assert bulk.town_id == town.pk
    Counter.objects.bulk_create([Counter(name="b")], ignore_conflicts=True)
    got, made = Counter.objects.get_or_create(name="c")
    assert (got.town_id, made) == (town.pk, True)
    assert Counter.objects.get_or_create(name="c") == (got, False)
    Counter.objects.update_or_create(name="c", defaults={"value": 5})
    assert sorted(Counter.objects.values_list("name", "value")) == [("a", 0), ("b", 0), ("c", 5)]


def test_get_or_create_makes_its_own_row_beside_another_towns(town, theirs):
    got, made = Counter.objects.get_or_create(name="case", defaults={"value": 1})
    assert made
    assert got.pk != theirs.pk
    changed, made = Counter.objects.update_or_create(name="case", defaults={"value": 2})
    assert (changed.pk, made) == (got.pk, False)


@pytest.mark.parametrize(
    "write",
    [
        lambda row: row.save(),
        lambda row: row.save(update_fields=["value"]),
        lambda row: row.delete(),
        lambda row: Counter.objects.bulk_update([row], ["value"]),
        lambda row: Counter.objects.bulk_create([Counter(name="x", town_id=row.town_id)]),
        lambda row: Counter.objects.create(name="x", town=row.town),
        lambda row: Counter(name="x", town_id=row.town_id).save(),
    ],
)
def test_writing_another_towns_row_raises(town, theirs, write):
    theirs.value = 99
    with pytest.raises(current.WrongTown):
        write(theirs)
    with current.everywhere("test"):
        assert Counter.objects.get().value == 7


def test_bulk_writes_do_not_touch_another_town(town, other_town, mine, theirs):
    assert Counter.objects.update(value=50) == 1
    assert Counter.objects.filter(pk=theirs.pk).update(value=51) == 0
    assert Counter.objects.filter(pk=theirs.pk).delete() == (0, {})
    with current.use(other_town.pk):
        assert Counter.objects.get().value == 7


def test_upserts_name_a_constraint_that_holds_the_town(town, other_town, mine, theirs):
    Counter.objects.bulk_create(
        [Counter(name="case", value=9)],
        update_conflicts=True,
        unique_fields=["town", "name"],
        update_fields=["value"],
    )
    assert Counter.objects.get().value == 9
    with pytest.raises(ValueError, match="town"):
        Counter.objects.bulk_create(
            [Counter(pk=theirs.pk, name="z", value=9)],
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=["value"],
        )
    with current.use(other_town.pk):
        assert Counter.objects.get().value == 7


def test_everywhere_cannot_make_rows_without_naming_a_town(town, other_town):
    with current.everywhere("test"):
        with pytest.raises(current.NoTown):
            Counter.objects.create(name="x")
        assert Counter.objects.create(name="x", town=other_town).town == other_town


def test_related_access_is_confined(town, other_town, clock):
    with current.use(other_town.pk):
        seal, entry = sealed(clock, 1)
        entry.refresh_from_db()
        assert entry.seal == seal
        assert list(seal.entries.all()) == [entry]
        entry = Entry.objects.get()
    with pytest.raises(Seal.DoesNotExist):
        _ = entry.seal
    assert list(seal.entries.all()) == []
    with pytest.raises(Entry.DoesNotExist):
        entry.refresh_from_db()
    assert list(Entry.objects.prefetch_related("seal")) == []
    outside = [Seal(pk=seal.pk, town_id=other_town.pk)]
    prefetch_related_objects(outside, "entries")
    assert list(outside[0].entries.all()) == []


def test_related_access_without_a_town_raises(town, clock):
    seal, _ = sealed(clock, 1)
    entry = Entry.objects.get()
    token = current._scope.set(None)
    try:
        with pytest.raises(current.NoTown):
            _ = entry.seal
        with pytest.raises(current.NoTown):
            list(seal.entries.all())
    finally:
        current._scope.reset(token)


def test_the_database_refuses_a_foreign_key_into_another_town(town, other_town, clock):
    with current.use(other_town.pk):
        seal, _ = sealed(clock, 1)
    Entry.objects.create(at=clock.now(), verb="v", subject="a:1", actor="b:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.update(seal=seal)
    with current.everywhere("test"), pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(town=town).update(seal=seal)


def test_the_database_refuses_to_move_a_row_to_another_town(town, other_town, mine):
    with current.everywhere("test"), pytest.raises(IntegrityError), transaction.atomic():
        Counter.objects.update(town=other_town)
    with pytest.raises(Exception, match=r"town|security"), transaction.atomic():
        Counter.objects.update(town=other_town)
    assert Counter.objects.get().town_id == town.pk


def test_a_town_with_rows_cannot_be_deleted(town, mine):
    with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic():
        town.delete()
    assert Town.objects.filter(pk=town.pk).exists()


def test_heads_and_events_are_confined_like_all_others(town, other_town, clock):
    Event.objects.create(at=clock.now(), service="s", name="n")
    Head.objects.create()
    with current.use(other_town.pk):
        assert not Event.objects.exists()
        assert not Head.objects.exists()


def test_the_connection_behind_a_query_knows_no_more_than_the_query(town, other_town, theirs):
    """On PostgreSQL plain SQL obeys too; SQLite has no row level security."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM towns_counter")
        (seen,) = cursor.fetchone()
    assert seen == (0 if connection.vendor == "postgresql" else 1)
