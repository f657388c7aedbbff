"""The stand-in refuses what LINE refuses, and each refusal names its line of the description."""

import json

import pytest

from madoguchi.channels.demo.fake_line.rules import RULES, Rule

from . import official
from .conftest import Hand
from .refusals import KEY, PUSH, REFUSALS, TEXT, USERS, headed, multicast, push, quick, says

LINES = [
    line.strip() for line in (official.FOLDER / "messaging-api.yml").read_text("utf-8").split("\n")
]


def test_there_are_at_least_thirty_rules_and_every_one_is_tried() -> None:
    assert len(RULES) >= 30
    assert set(REFUSALS) == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_the_quoted_text_stands_at_the_quoted_line(rule: Rule) -> None:
    assert LINES[rule.line - 1] == rule.text


@pytest.mark.parametrize("name", list(REFUSALS))
def test_what_breaks_a_rule_is_refused_by_that_rule_alone_and_nothing_is_sent(
    hand: Hand, name: str
) -> None:
    call = REFUSALS[name](hand)
    before = len(hand.line.ledger.sent)
    answer = hand.call(call)
    assert answer.status_code == RULES[name].status
    assert hand.line.ledger.broken_rules() == [name]
    assert len(hand.line.ledger.sent) == before
    official.check_answer(call.method, call.path, answer.status_code, answer.json())


def test_all_errors_of_a_body_are_told_at_once(hand: Hand) -> None:
    answer = hand.call(push(messages=[{"type": "text"}, {"type": "telegram"}])(hand)).json()
    assert answer["message"] == "The request body has 2 error(s)"
    assert [d["property"] for d in answer["details"]] == ["messages[0].text", "messages[1].type"]


def test_a_retry_key_is_taken_once_and_forgotten_after_a_day(hand: Hand) -> None:
    call = headed(X_Line_Retry_Key=KEY)(hand)
    first, second = hand.call(call), hand.call(call)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert len(hand.line.ledger.texts_to(hand.user)) == 1
    hand.line.advance(24 * 3600)
    assert hand.call(call).status_code == 200


def test_the_key_of_a_refused_request_is_free(hand: Hand) -> None:
    bad = push(messages=[])(hand)
    key = headed(X_Line_Retry_Key=KEY)(hand)
    assert hand.call(type(bad)(bad.method, bad.path, bad.body, key.headers)).status_code == 400
    assert hand.call(key).status_code == 200


@pytest.mark.parametrize(
    "message",
    [
        TEXT,
        {"type": "text", "text": "🌊" * 2500},
        quick(*[{"type": "action", "action": {"type": "location", "label": "あ" * 20}}] * 13),
    ],
)
def test_the_most_that_is_allowed_is_taken(hand: Hand, message: dict[str, object]) -> None:
    assert hand.call(says(message)(hand)).status_code == 200
    assert hand.call(push(messages=[message] * 5)(hand)).status_code == 200
    assert len(hand.line.ledger.sent) == 2


def test_five_hundred_are_a_multicast_and_who_does_not_exist_gets_nothing(hand: Hand) -> None:
    assert hand.call(multicast(*USERS[:499], hand.user)(hand)).status_code == 200
    assert [sent.to for sent in hand.line.ledger.sent if sent.delivered] == [hand.user]


def test_a_user_who_blocks_gets_nothing_and_the_sender_is_told_200(hand: Hand) -> None:
    assert hand.call(push()(hand)).status_code == 200
    hand.line.block(hand.user)
    assert hand.call(push()(hand)).status_code == 200
    assert hand.line.ledger.texts_to(hand.user) == [TEXT["text"]]


def test_the_ledger_keeps_what_was_asked_without_the_token(hand: Hand) -> None:
    hand.call(push()(hand))
    (asked,) = hand.line.ledger.asked
    assert (asked.method, asked.path, asked.status) == ("POST", PUSH, 200)
    assert json.loads(asked.body)["messages"] == [TEXT]
    assert "authorization" not in asked.headers
