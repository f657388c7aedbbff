"""What list and map read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import Bounds, CaseFilter, State
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.people.models import Department, StaffMember, User
from madoguchi.kernel.places.data import Accuracy, Place, Point
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town


def open_case(title: str, lat: float = 35.65, lon: float = 139.54, **fields: object) -> Case:
    place = Place(Point(lat, lon), Accuracy.BLOCK, 300, "布田五丁目", "13208")
    given: dict[str, object] = {
        "service": "disaster",
        "title": title,
        "actor": "system:triage",
        "place": place,
    }
    return cases.open_case(**(given | fields))  # type: ignore[arg-type]


def titles(**wanted: object) -> list[str]:
    return [case.title for case in cases.matching(CaseFilter(**wanted))]  # type: ignore[arg-type]


@pytest.fixture
def desk(town: Town, clock: FixedClock) -> Department:
    department = Department.objects.create(name="土木課")
    fire = open_case("火災 100%", urgency=3, categories=["fire", "building"], lat=35.70)
    clock.advance(timedelta(minutes=10))
    flood = open_case("道路冠水", urgency=2, categories=["flood"])
    clock.advance(timedelta(minutes=10))
    open_case("落石", urgency=2, categories=["landslide"], service="reports")
    open_case("訓練の冠水", urgency=1, categories=["flood"], drill=True)
    cases.assign(flood.pk, department_id=department.pk, actor="staff:1")
    extra = open_case("火事らしい", categories=["fire"])
    cases.merge(extra.pk, fire.pk, actor="staff:1")
    return department


def test_the_most_urgent_and_newest_come_first_without_merged_ones(desk: Department) -> None:
    assert titles() == ["火災 100%", "落石", "道路冠水", "訓練の冠水"]
    assert titles(states=(State.MERGED,)) == ["火事らしい"]


def test_each_filter_narrows(desk: Department, clock: FixedClock) -> None:
    assert titles(states=(State.ASSIGNED,)) == ["道路冠水"]
    assert titles(min_urgency=3) == ["火災 100%"]
    assert titles(category="building") == ["火災 100%"]
    assert titles(category="build") == []
    assert titles(department_id=desk.pk) == ["道路冠水"]
    assert titles(service="reports") == ["落石"]
    assert titles(drill=True) == ["訓練の冠水"]
    assert titles(since=clock.now()) == ["落石", "訓練の冠水"]
    assert titles(bounds=Bounds(139.5, 35.69, 139.6, 35.71)) == ["火災 100%"]


def test_text_is_looked_for_word_by_word(desk: Department) -> None:
    assert titles(text="冠水") == ["道路冠水", "訓練の冠水"]
    assert titles(text="布田　冠水 道路") == ["道路冠水"]
    assert titles(text="2026-000003") == ["落石"]
    assert titles(text="100%") == ["火災 100%"]
    assert titles(text="1_0") == []


def test_counts_name_every_state(desk: Department) -> None:
    counts = cases.count_by_state(CaseFilter(service="disaster"))
    assert set(counts) == set(State)
    assert (counts[State.NEW], counts[State.ASSIGNED], counts[State.DONE]) == (2, 1, 0)


def test_rows_for_the_map_are_plain_tuples(desk: Department) -> None:
    rows = cases.compact_rows(CaseFilter(min_urgency=3))
    assert len(rows) == 1
    row = dict(zip(cases.COMPACT_COLUMNS, rows[0], strict=True))
    assert (row["number"], row["state"], row["urgency"]) == ("2026-000001", "new", 3)
    assert (row["lat"], row["lon"], row["radius_m"]) == (35.7, 139.54, 300)
    assert row["categories"] == ["fire", "building"]
    assert type(rows[0]) is tuple


def test_changes_come_in_order_and_once(desk: Department) -> None:
    everything = cases.changes_since(0, 100, columns=("seq", "title", "state"))
    seqs = [seq for seq, _, _ in everything]
    assert seqs == sorted(seqs)
    assert seqs[-1] == cases.last_seq()
    assert ("火事らしい", "merged") in [row[1:] for row in everything]
    first = cases.changes_since(0, 2, columns=("seq", "title", "state"))
    rest = cases.changes_since(first[-1][0], 100, columns=("seq", "title", "state"))
    assert first + rest == everything
    assert cases.changes_since(cases.last_seq(), 100) == []
    assert [
        row[1] for row in cases.changes_since(0, 9, service="reports", columns=("seq", "title"))
    ] == ["落石"]


def test_another_town_sees_nothing(desk: Department, other_town: Town) -> None:
    with current.use(other_town.pk):
        assert cases.last_seq() == 0
        assert cases.compact_rows(CaseFilter()) == []
        assert cases.changes_since(0, 100) == []
        with pytest.raises(Case.DoesNotExist):
            cases.case_by_number("2026-000001")


@pytest.mark.parametrize("count", [1, 3])
def test_one_query_for_the_list_and_one_for_the_map(town: Town, count: int) -> None:
    department = Department.objects.create(name="土木課")
    for number in range(count):
        user = User.objects.create(username=f"u{number}")
        member = StaffMember.objects.create(user=user, name="名", role="operator")
        case = open_case(f"件{number}")
        cases.assign(case.pk, department_id=department.pk, assignee_id=member.pk, actor="staff:1")
    with CaptureQueriesContext(connection) as listed:
        for case in cases.matching(CaseFilter()):
            assert (str(case.department), str(case.assignee)) == ("土木課", "名")
    with CaptureQueriesContext(connection) as mapped:
        cases.compact_rows(CaseFilter())
    assert (len(_reads(listed)), len(_reads(mapped))) == (1, 1)


def _reads(queries: CaptureQueriesContext) -> list[str]:
    """The queries themselves, without what the backend says to the server about the town."""
    return [q["sql"] for q in queries.captured_queries if "cases_case" in q["sql"]]
