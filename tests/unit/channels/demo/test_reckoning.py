"""Two ledgers that agree have no fault; each kind of fault is found and named."""

import itertools
from dataclasses import replace

import pytest

from madoguchi.channels.demo.fake_line.crowd import plan
from madoguchi.channels.demo.fake_line.reckoning import (
    Accepted,
    Answer,
    Event,
    Stored,
    late_events,
    reckon,
)

EVENTS = [Event("e1", "A", 1.0, True, 1), Event("e2", "A", 2.0, True, 2)]
STORED = [
    Stored("e1", "A", 1.0, received=10.0, done=14.0, state="done"),
    Stored("e2", "A", 2.0, received=10.0, done=15.0, state="done"),
]
ANSWERS = [Answer("A", ("一",), "sent"), Answer("A", ("二",), "sent")]
ACCEPTED = [Accepted("A", ("一",), "reply"), Accepted("A", ("二",), "push")]


def test_two_ledgers_that_agree() -> None:
    assert reckon(EVENTS, ACCEPTED, STORED, ANSWERS).faults() == {}


def test_an_event_that_never_got_its_200_is_not_lost() -> None:
    events = [*EVENTS, Event("e3", "B", 3.0, False, 9)]
    assert reckon(events, ACCEPTED, STORED, ANSWERS).faults() == {}


@pytest.mark.parametrize(
    ("stored", "faults"),
    [
        (STORED[:1], {"lost": 1}),
        ([*STORED, replace(STORED[0], id="e9")], {"invented": 1}),
        ([*STORED, STORED[0]], {"stored_twice": 1}),
        ([replace(STORED[0], effects=2), STORED[1]], {"applied_twice": 1}),
        ([replace(STORED[0], state="failed"), STORED[1]], {"not_applied": 1}),
        ([replace(STORED[0], done=16.0), STORED[1]], {"out_of_order": 1}),
        ([replace(STORED[0], done=16.0, photo=True), STORED[1]], {}),
        ([replace(STORED[0], done=16.0, received=15.5), STORED[1]], {}),
    ],
)
def test_faults_of_what_came_in(stored: list[Stored], faults: dict[str, int]) -> None:
    assert reckon(EVENTS, ACCEPTED, stored, ANSWERS).faults() == faults


@pytest.mark.parametrize(
    ("accepted", "answers", "faults"),
    [
        (ACCEPTED[:1], ANSWERS, {"answers_missing": 1}),
        ([*ACCEPTED, ACCEPTED[0]], ANSWERS, {"answers_twice": 1}),
        (ACCEPTED, [ANSWERS[0], Answer("A", ("二",), "waiting")], {"answers_not_sent": 1}),
        (ACCEPTED[::-1], ANSWERS, {"answers_out_of_order": 1}),
        (ACCEPTED[:1], [ANSWERS[0], Answer("A", ("二",), "refused")], {"answers_not_sent": 1}),
    ],
)
def test_faults_of_what_went_out(
    accepted: list[Accepted], answers: list[Answer], faults: dict[str, int]
) -> None:
    assert reckon(EVENTS, accepted, STORED, answers).faults() == faults


def test_an_event_is_late_when_a_later_one_was_there_before() -> None:
    assert late_events(STORED) == 0
    assert late_events([replace(STORED[0], received=11.0), STORED[1]]) == 1


def test_a_plan_has_the_shares_that_were_asked_for() -> None:
    planned = plan(10_000, 600, ["冠水"], users=300)
    assert len(planned) == 10_000
    assert planned[-1].written_s < 600
    assert 0.18 < sum(w.again_s is not None for w in planned) / 10_000 < 0.22
    assert 0.04 < sum(w.late_s > 0 for w in planned) / 10_000 < 0.06
    hurried = [b.user == a.user for a, b in itertools.pairwise(planned) if a.late_s]
    assert all(hurried)
