"""Verbs on cases: what is written, what is refused, and in which words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases import hooks
from madoguchi.kernel.cases.models import Case, CaseEvent
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.clock.api import use as use_clock
from madoguchi.kernel.people.models import Department, StaffMember, User
from madoguchi.kernel.places.data import Accuracy, Place, Point
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

MACHINE = "system:triage"


def place(label: str = "布田五丁目", *, confirmed: bool = False) -> Place:
    return Place(Point(35.65, 139.54), Accuracy.BLOCK, 300, label, "13208", confirmed)


def open_case(**fields: object) -> Case:
    given: dict[str, object] = {"service": "disaster", "title": "道路冠水", "actor": MACHINE}
    return cases.open_case(**(given | fields))  # type: ignore[arg-type]


@pytest.fixture
def department(town: Town) -> Department:
    return Department.objects.create(name="土木課")


@pytest.fixture
def member(department: Department) -> StaffMember:
    user = User.objects.create(username="yamada")
    return StaffMember.objects.create(
        user=user, name="山田", department=department, role="operator"
    )


def test_numbers_run_by_town_and_japanese_year(town: Town, other_town: Town) -> None:
    before_midnight = FixedClock(datetime(2026, 12, 31, 14, 59, tzinfo=UTC))
    with use_clock(before_midnight):
        first, second = open_case().number, open_case().number
        before_midnight.advance(timedelta(minutes=1))
        third = open_case().number
    with current.use(other_town.pk), use_clock(before_midnight):
        elsewhere = open_case().number
    assert [first, second, third] == ["2026-000001", "2026-000002", "2027-000001"]
    assert elsewhere == "2027-000001"


def test_a_refused_transaction_gives_its_number_back(town: Town) -> None:
    class Stop(Exception):
        pass

    def open_and_stop() -> None:
        with transaction.atomic():
            open_case()
            raise Stop

    with pytest.raises(Stop):
        open_and_stop()
    assert open_case().number == "2026-000001"
    assert Case.objects.count() == 1


def test_a_verb_writes_state_history_audit_and_a_new_seq(
    town: Town, department: Department, member: StaffMember, clock: FixedClock
) -> None:
    case = open_case(place=place(), urgency=2, categories=["road"])
    clock.advance(timedelta(minutes=5))
    done = cases.assign(case.pk, assignee_id=member.pk, actor=member.actor)
    assert (done.state, done.department_id, done.assignee_id) == (
        "assigned",
        department.pk,
        member.pk,
    )
    assert done.seq > case.seq
    assert done.updated_at - case.updated_at == timedelta(minutes=5)
    event = CaseEvent.objects.get(case=case, verb="assign")
    assert (event.seq, event.actor, event.before["state"]) == (done.seq, member.actor, "new")
    assert event.after == {
        "state": "assigned",
        "department_id": department.pk,
        "assignee_id": member.pk,
    }
    entry = Entry.objects.get(verb="case.assign")
    assert (entry.subject, entry.actor) == (f"case:{case.pk}", member.actor)
    assert "道路冠水" not in str(entry.ids)


def test_closing_and_reopening_move_the_closing_time(town: Town, clock: FixedClock) -> None:
    case = open_case()
    settled = cases.settle(case.pk, note="排水しました", actor="staff:1")
    assert settled.closed_at == clock.now()
    again = cases.reopen(case.pk, actor="staff:1")
    assert (again.state, again.closed_at) == ("seen", None)


def test_seeing_twice_writes_once(town: Town) -> None:
    case = open_case()
    first = cases.see(case.pk, actor="staff:1")
    second = cases.see(case.pk, actor="staff:2")
    assert first.seq == second.seq
    assert CaseEvent.objects.filter(case=case, verb="see").count() == 1


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda pk: cases.start(pk, actor="staff:1"), "先に「もう一度対応する」"),
        (lambda pk: cases.refuse(pk, reason=" ", actor="staff:1"), "理由を書いて"),
        (lambda pk: cases.note(pk, "", actor="staff:1"), "記録の内容"),
        (lambda pk: cases.set_title(pk, "", actor="staff:1"), "件名"),
        (lambda pk: cases.assign(pk, department_id=99, actor="staff:1"), "課を選んで"),
        (lambda pk: cases.assign(pk, assignee_id=99, actor="staff:1"), "担当者を選び直して"),
        (lambda pk: cases.assign(pk, actor="staff:1"), "課か担当者を選んで"),
    ],
)
def test_what_is_refused_is_said_in_japanese_and_changes_nothing(
    town: Town, act: object, words: str
) -> None:
    case = open_case()
    settled = cases.settle(case.pk, actor="staff:1")
    with pytest.raises(cases.NotAllowed, match=words):
        act(case.pk)  # type: ignore[operator]
    case.refresh_from_db()
    assert (case.state, case.seq) == ("done", settled.seq)


def test_staff_who_left_cannot_be_chosen(town: Town, member: StaffMember) -> None:
    member.active = False
    member.save()
    case = open_case()
    with pytest.raises(cases.NotAllowed):
        cases.assign(case.pk, assignee_id=member.pk, actor="staff:1")


def test_a_conflict_says_who_did_what(
    town: Town, department: Department, member: StaffMember, clock: FixedClock
) -> None:
    case = open_case()
    clock.advance(timedelta(minutes=32))
    cases.settle(case.pk, actor=member.actor)
    with pytest.raises(cases.Conflict, match="12時32分に土木課 山田が「対応の完了」"):
        cases.note(case.pk, "見回り中", actor="staff:999", expected_seq=case.seq)
    assert not CaseEvent.objects.filter(verb="note").exists()


def test_what_the_machine_or_oneself_added_is_no_conflict(town: Town) -> None:
    case = open_case()
    cases.add_witness(case.pk, actor=MACHINE)
    cases.note(case.pk, "一", actor="staff:1", expected_seq=case.seq)
    done = cases.settle(case.pk, actor="staff:1", expected_seq=case.seq)
    assert (done.state, done.witnesses) == ("done", 2)


def test_a_confirmed_place_ends_the_question(town: Town) -> None:
    case = open_case(ask_pending=True)
    placed = cases.set_place(case.pk, place(confirmed=True), actor="staff:1")
    assert (placed.lat, placed.accuracy, placed.radius_m) == (35.65, "block", 300)
    assert placed.ask_pending is False
    unknown = Place(None, Accuracy.NONE, 0, "", "13208")
    gone = cases.set_place(case.pk, unknown, actor="staff:1")
    assert (gone.lat, gone.accuracy) == (None, "none")


def test_a_point_without_accuracy_cannot_be_stored(town: Town) -> None:
    case = open_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(lat=35.6, lon=139.5)


def test_hooks_hear_of_a_change_and_can_undo_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_hooks", {})
    heard: list[tuple[str, str, str]] = []

    def hook(case: Case, verb: cases.Verb, note: str) -> None:
        heard.append((case.state, verb.value, note))
        if note == "だめ":
            raise RuntimeError

    hooks._hooks["disaster"] = []
    cases.on_change("disaster", hook)
    cases.on_change("disaster", hook)
    case = open_case()
    cases.settle(case.pk, note="済み", actor="staff:1")
    with pytest.raises(RuntimeError):
        cases.reopen(case.pk, note="だめ", actor="staff:1")
    open_case(service="reports")
    case.refresh_from_db()
    assert case.state == "done"
    assert heard == [("new", "open", ""), ("done", "settle", "済み"), ("seen", "reopen", "だめ")]


def test_a_case_of_another_town_is_not_there(town: Town, other_town: Town) -> None:
    case = open_case()
    with current.use(other_town.pk):
        for act in (cases.see, cases.start, cases.settle, cases.reopen, cases.publish):
            with pytest.raises(Case.DoesNotExist):
                act(case.pk, actor="staff:1")  # type: ignore[operator]


def test_history_names_staff_in_two_queries(town: Town, member: StaffMember) -> None:
    case = open_case()
    for number in range(3):
        cases.note(case.pk, f"記録{number}", actor=member.actor)
    with CaptureQueriesContext(connection) as queries:
        lines = cases.history(case.pk)
    assert [line.actor_name for line in lines] == ["自動処理", *["土木課 山田"] * 3]
    assert [line.words for line in lines] == ["受け付け", *["記録の追加"] * 3]
    assert len([q for q in queries if q["sql"].startswith("SELECT")]) <= 3
