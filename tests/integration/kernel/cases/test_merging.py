"""Merging and splitting: nothing is lost, no circle can be made."""

import pytest

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.models import Case, CaseEvent
from madoguchi.kernel.places.data import Accuracy, Place, Point
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

STAFF = "staff:1"
PLACE = Place(Point(35.65, 139.54), Accuracy.PIN, 20, "多摩川住宅前", "13208", confirmed=True)


def open_case(**fields: object) -> Case:
    given: dict[str, object] = {
        "service": "disaster",
        "title": "道路冠水",
        "actor": "system:triage",
    }
    return cases.open_case(**(given | fields))  # type: ignore[arg-type]


def test_the_target_takes_over_what_the_merged_case_told(town: Town) -> None:
    small = open_case(
        witnesses=3, urgency=3, categories=["rescue", "flood"], place=PLACE, title="車が水没"
    )
    cases.publish(small.pk, actor=STAFF)
    target = open_case(witnesses=2, urgency=1, categories=["flood"])
    result = cases.merge(small.pk, target.pk, actor=STAFF)
    small.refresh_from_db()
    assert result.pk == target.pk
    assert (result.witnesses, result.urgency) == (5, 3)
    assert result.categories == ["flood", "rescue"]
    assert (result.lat, result.accuracy, result.place_confirmed) == (35.65, "pin", True)
    assert (small.state, small.merged_into_id, small.witnesses) == ("merged", target.pk, 0)
    assert small.public is False
    assert small.closed_at is not None
    assert [e.verb for e in CaseEvent.objects.filter(case=target)] == ["open", "absorb"]
    assert CaseEvent.objects.get(case=target, verb="absorb").note == small.number


def test_a_place_the_target_has_is_kept(town: Town) -> None:
    small = open_case(place=PLACE)
    target = open_case(place=Place(Point(35.6, 139.5), Accuracy.BLOCK, 300, "布田", "13208"))
    assert cases.merge(small.pk, target.pk, actor=STAFF).place_label == "布田"


def test_readers_are_led_to_where_the_merges_end(town: Town) -> None:
    first, second, third = (open_case() for _ in range(3))
    cases.merge(first.pk, second.pk, actor=STAFF)
    cases.merge(second.pk, third.pk, actor=STAFF)
    assert cases.target_of(Case.objects.get(pk=first.pk)).pk == third.pk
    assert cases.target_of(Case.objects.get(pk=third.pk)).pk == third.pk


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda a, b: (a, a), "同じ案件"),
        (lambda a, b: (cases.merge(a, b, actor=STAFF) and a, b), "まとめ先の案件"),
        (lambda a, b: (cases.merge(a, b, actor=STAFF).pk, a), "まとめ先の案件"),
        (lambda a, b: (a, cases.settle(b, actor=STAFF).pk), "先に「もう一度対応する」"),
        (lambda a, b: (a, open_case(drill=True).pk), "訓練"),
        (lambda a, b: (a, open_case(service="reports").pk), "別の窓口"),
    ],
)
def test_merges_that_would_lose_something_are_refused(town: Town, make: object, words: str) -> None:
    first, second = open_case().pk, open_case().pk
    source, into = make(first, second)  # type: ignore[operator]
    before = list(Case.objects.order_by("pk").values())
    with pytest.raises(cases.NotAllowed, match=words):
        cases.merge(source, into, actor=STAFF)
    assert list(Case.objects.order_by("pk").values()) == before


def test_a_case_of_another_town_cannot_be_merged(town: Town, other_town: Town) -> None:
    mine = open_case()
    with current.use(other_town.pk):
        theirs = open_case()
    for pair in ((mine.pk, theirs.pk), (theirs.pk, mine.pk)):
        with pytest.raises(Case.DoesNotExist):
            cases.merge(*pair, actor=STAFF)


def test_a_merge_on_old_knowledge_is_a_conflict(town: Town) -> None:
    source, target = open_case(), open_case()
    cases.note(target.pk, "現地確認中", actor="staff:2")
    with pytest.raises(cases.Conflict):
        cases.merge(source.pk, target.pk, actor=STAFF, expected_into_seq=target.seq)


def test_split_gives_messages_a_case_of_their_own(town: Town) -> None:
    case = open_case(witnesses=5, urgency=2, categories=["flood"], place=PLACE)
    fresh = cases.split(case.pk, witnesses=2, title="別の道路の冠水", actor=STAFF)
    case.refresh_from_db()
    assert (case.witnesses, fresh.witnesses) == (3, 2)
    assert (fresh.state, fresh.urgency, fresh.lat) == ("new", 2, 35.65)
    assert fresh.number != case.number
    assert [e.verb for e in CaseEvent.objects.filter(case=case)] == ["open", "split"]
    assert CaseEvent.objects.get(case=case, verb="split").note == fresh.number


@pytest.mark.parametrize("count", [0, 2, 3, -1])
def test_split_leaves_a_message_on_both_sides(town: Town, count: int) -> None:
    case = open_case(witnesses=2)
    with pytest.raises(cases.NotAllowed, match="1件以上"):
        cases.split(case.pk, witnesses=count, title="別", actor=STAFF)
    assert Case.objects.count() == 1
