"""Whatever staff and machine do in whatever order, the history stays legal and nothing is lost."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.models import Case, CaseEvent
from madoguchi.kernel.towns.models import Town

OPEN = {"new", "seen", "assigned", "in_work"}
# The rules as written in docs/decisions/0009-cases.md, not read from the code.
LEADS: dict[str, tuple[set[str], str]] = {
    "see": ({"new"}, "seen"),
    "start": ({"new", "seen", "assigned"}, "in_work"),
    "settle": (OPEN, "done"),
    "refuse": (OPEN, "refused"),
    "reopen": ({"done", "refused"}, "seen"),
}
picks = st.integers(min_value=0, max_value=50)


class Desk(RuleBasedStateMachine):
    """A model of the cases kept beside the database."""

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[int, str] = {}
        self.witnesses = 0
        self.last_seq = cases.last_seq()
        self.events = CaseEvent.objects.count()

    def pick(self, number: int) -> int:
        keys = sorted(self.states)
        return keys[number % len(keys)]

    def opened(self, case: Case, witnesses: int) -> None:
        self.states[case.pk] = "new"
        self.witnesses += witnesses

    @initialize(witnesses=st.integers(1, 4))
    def first(self, witnesses: int) -> None:
        self.open(witnesses)

    @rule(witnesses=st.integers(1, 4))
    def open(self, witnesses: int) -> None:
        case = cases.open_case(
            service="disaster", title="冠水", actor="system:triage", witnesses=witnesses
        )
        self.opened(case, witnesses)
        self.events += 1

    @rule(number=picks, verb=st.sampled_from(sorted(LEADS)))
    def move(self, number: int, verb: str) -> None:
        pk = self.pick(number)
        sources, to = LEADS[verb]
        act = {
            "see": lambda: cases.see(pk, actor="staff:1"),
            "start": lambda: cases.start(pk, actor="staff:1"),
            "settle": lambda: cases.settle(pk, actor="staff:1"),
            "refuse": lambda: cases.refuse(pk, reason="対象外", actor="staff:1"),
            "reopen": lambda: cases.reopen(pk, actor="staff:1"),
        }[verb]
        if self.states[pk] in sources:
            act()
            self.states[pk] = to
            self.events += 1
        elif verb == "see":
            act()
        else:
            with pytest.raises(cases.NotAllowed):
                act()

    @rule(number=picks, count=st.integers(1, 3))
    def add(self, number: int, count: int) -> None:
        pk = self.pick(number)
        if self.states[pk] not in OPEN:
            with pytest.raises(cases.NotAllowed):
                cases.add_witness(pk, actor="system:triage", count=count)
        else:
            cases.add_witness(pk, actor="system:triage", count=count)
            self.witnesses += count
            self.events += 1

    @rule(source=picks, into=picks)
    def merge(self, source: int, into: int) -> None:
        a, b = self.pick(source), self.pick(into)
        if a != b and self.states[a] != "merged" and self.states[b] in OPEN:
            assert cases.merge(a, b, actor="staff:1").pk == b
            self.states[a] = "merged"
            self.events += 2
        else:
            with pytest.raises(cases.NotAllowed):
                cases.merge(a, b, actor="staff:1")

    @precondition(lambda self: len(self.states) < 12)
    @rule(number=picks, count=st.integers(0, 4))
    def split(self, number: int, count: int) -> None:
        pk = self.pick(number)
        have = Case.objects.get(pk=pk).witnesses
        if self.states[pk] != "merged" and 0 < count < have:
            fresh = cases.split(pk, witnesses=count, title="別件", actor="staff:1")
            self.opened(fresh, 0)
            self.events += 2
        else:
            with pytest.raises(cases.NotAllowed):
                cases.split(pk, witnesses=count, title="別件", actor="staff:1")

    @invariant()
    def the_database_agrees_with_the_model(self) -> None:
        rows = Case.objects.filter(pk__in=self.states)
        assert dict(rows.values_list("pk", "state")) == self.states

    @invariant()
    def no_message_is_lost(self) -> None:
        rows = Case.objects.filter(pk__in=self.states)
        assert sum(rows.values_list("witnesses", flat=True)) == self.witnesses
        for case in rows.filter(state="merged"):
            assert case.witnesses == 0
            assert cases.target_of(case).state != "merged"

    @invariant()
    def seq_only_grows_and_every_change_has_its_own(self) -> None:
        seqs = list(Case.objects.filter(pk__in=self.states).values_list("seq", flat=True))
        assert len(set(seqs)) == len(seqs)
        assert max(seqs, default=0) <= cases.last_seq()
        assert self.last_seq <= cases.last_seq()
        self.last_seq = cases.last_seq()

    @invariant()
    def every_change_left_one_line(self) -> None:
        assert CaseEvent.objects.count() == self.events
        for pk, state in self.states.items():
            lines = list(CaseEvent.objects.filter(case_id=pk).order_by("seq"))
            steps = [line.after["state"] for line in lines if "state" in line.after]
            froms = [line.before["state"] for line in lines if "state" in line.before]
            assert steps[0] == "new"
            assert froms == steps[:-1]
            assert steps[-1] == state
            assert [line.seq for line in lines] == sorted({line.seq for line in lines})


def test_every_history_is_legal(town: Town) -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )
