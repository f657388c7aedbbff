"""The workflow table against the rules as they are written for staff."""

import pytest

from madoguchi.kernel.cases import workflow
from madoguchi.kernel.cases.data import STATE_WORDS, VERB_WORDS, State, Verb

OPEN = {"new", "seen", "assigned", "in_work"}
CLOSED = {"done", "refused"}


@pytest.mark.parametrize(
    ("state", "verb", "to"),
    [
        ("new", "see", "seen"),
        ("seen", "assign", "assigned"),
        ("in_work", "assign", "assigned"),
        ("assigned", "start", "in_work"),
        ("new", "settle", "done"),
        ("seen", "refuse", "refused"),
        ("done", "reopen", "seen"),
        ("refused", "reopen", "seen"),
        ("done", "merge", "merged"),
        ("in_work", "absorb", "in_work"),
        ("done", "note", "done"),
        ("in_work", "add_witness", "in_work"),
        ("done", "add_witness", None),
        ("seen", "see", None),
        ("in_work", "start", None),
        ("done", "settle", None),
        ("done", "absorb", None),
        ("new", "reopen", None),
        ("new", "open", None),
    ],
)
def test_a_verb_leads_where_the_rules_say(state: str, verb: str, to: str | None) -> None:
    found = workflow.may(State(state), Verb(verb))
    assert (found.value if found else None) == to


def test_nothing_can_be_done_to_a_merged_case() -> None:
    assert workflow.allowed(State.MERGED) == ()


def test_only_reopening_leads_from_closed_to_open() -> None:
    ways = {
        verb.value
        for state in CLOSED
        for verb in Verb
        if (to := workflow.may(State(state), verb)) and to.value in OPEN
    }
    assert ways == {"reopen"}


def test_every_state_and_verb_has_japanese_words() -> None:
    assert set(STATE_WORDS) == set(State)
    assert set(VERB_WORDS) == set(Verb)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("merged", "まとめ先の案件 2026-000007 を開いて"),
        ("done", "先に「もう一度対応する」"),
        ("seen", "開き直して"),
    ],
)
def test_a_refusal_says_what_to_do_next(state: str, words: str) -> None:
    assert words in workflow.refusal(State(state), Verb.START, " 2026-000007 ")
