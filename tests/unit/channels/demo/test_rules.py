"""The stand-in refuses what LINE's published description refuses, line by line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from madoguchi.channels.demo.fake_line.rules import RULES, Rule

from .conftest import Hand

YML = Path(__file__).parents[3] / "fixtures" / "line" / "messaging-api.yml"
LINES = [line.strip() for line in YML.read_text("utf-8").split("\n")]
ALL = list(RULES.values()) if isinstance(RULES, dict) else list(RULES)
BY_NAME = {rule.name: rule for rule in ALL}

PUSH, REPLY, MULTICAST = (f"/v2/bot/message/{name}" for name in ("push", "reply", "multicast"))
TEXT: dict[str, Any] = {"type": "text", "text": "こんにちは。"}


def quick(*items: object) -> dict[str, Any]:
    return {**TEXT, "quickReply": {"items": list(items)}}


def item(**action: object) -> dict[str, Any]:
    return {"type": "action", "action": action}


def says(message: object) -> Callable[[Hand], tuple[str, dict[str, Any]]]:
    return lambda hand: (PUSH, {"to": hand.user, "messages": [message]})


def pushes(**body: object) -> Callable[[Hand], tuple[str, dict[str, Any]]]:
    return lambda hand: (PUSH, {"to": hand.user, "messages": [TEXT]} | body)


def multicasts(to: object) -> Callable[[Hand], tuple[str, dict[str, Any]]]:
    return lambda hand: (MULTICAST, {"to": to, "messages": [TEXT]})


USERS = [f"U{number:032x}" for number in range(501)]

BROKEN: dict[str, Callable[[Hand], tuple[str, dict[str, Any]]]] = {
    "messages-empty": pushes(messages=[]),
    "messages-missing": pushes(messages=None),
    "messages-too-many": pushes(messages=[TEXT] * 6),
    "message-without-type": says({"text": "a"}),
    "message-type-unknown": says({"type": "telegram", "text": "a"}),
    "text-missing": says({"type": "text"}),
    "text-empty": says({"type": "text", "text": ""}),
    "text-not-string": says({"type": "text", "text": 1}),
    "text-too-long": says({"type": "text", "text": "あ" * 5001}),
    "recipient-missing": pushes(to=None),
    "recipient-malformed": pushes(to="U123"),
    "recipient-unknown": pushes(to=f"U{'f' * 32}"),
    "multicast-empty": multicasts([]),
    "multicast-too-many": multicasts(USERS),
    "multicast-not-users": multicasts([f"C{'0' * 32}"]),
    "multicast-duplicates": multicasts([USERS[0], USERS[0]]),
    "reply-token-missing": lambda hand: (REPLY, {"messages": [TEXT]}),
    "reply-token-unknown": lambda hand: (REPLY, {"replyToken": "0" * 32, "messages": [TEXT]}),
    "image-url-missing": says({"type": "image", "previewImageUrl": "https://a.example/a.jpg"}),
    "preview-url-missing": says({"type": "image", "originalContentUrl": "https://a.example/a.jpg"}),
    "url-not-https": says(
        {
            "type": "image",
            "originalContentUrl": "http://a.example/a.jpg",
            "previewImageUrl": "https://a.example/a.jpg",
        }
    ),
    "location-incomplete": says({"type": "location", "title": "a", "latitude": 1, "longitude": 2}),
    "quick-reply-empty": says(quick()),
    "quick-reply-too-many": says(quick(*[item(type="message", label="a", text="a")] * 14)),
    "quick-reply-item-type": says(quick({"type": "x", "action": {"type": "camera", "label": "a"}})),
    "quick-reply-without-action": says(quick({"type": "action"})),
    "action-type-unknown": says(quick(item(type="jump", label="a"))),
    "label-missing": says(quick(item(type="message", text="a"))),
    "label-too-long": says(quick(item(type="message", label="あ" * 21, text="a"))),
    "action-text-missing": says(quick(item(type="message", label="a"))),
    "action-text-too-long": says(quick(item(type="message", label="a", text="a" * 301))),
    "postback-data-missing": says(quick(item(type="postback", label="a"))),
    "postback-data-too-long": says(quick(item(type="postback", label="a", data="a" * 301))),
    "display-text-too-long": says(
        quick(item(type="postback", label="a", data="a", displayText="a" * 301))
    ),
}


def test_there_are_at_least_thirty_rules_and_as_many_are_tried() -> None:
    assert len(ALL) >= 30
    assert len(BROKEN) >= 30
    assert set(BROKEN) <= set(BY_NAME)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_the_quoted_text_stands_at_the_quoted_line(rule: Rule) -> None:
    assert LINES[rule.line - 1] == rule.text


@pytest.mark.parametrize("name", list(BROKEN))
def test_what_breaks_a_rule_is_refused_by_that_rule_and_nothing_is_sent(
    hand: Hand, name: str
) -> None:
    answer = hand.post(*BROKEN[name](hand))
    assert answer.status_code == BY_NAME[name].status
    assert name in hand.line.ledger.broken_rules()
    assert hand.line.ledger.sent == []


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("no-authorization", {"Authorization": ""}),
        ("wrong-token", {"Authorization": "Bearer wrong"}),
        ("wrong-content-type", {"Content-Type": "text/plain"}),
        ("retry-key-not-uuid", {"X-Line-Retry-Key": "abc"}),
    ],
)
def test_headers_are_checked(hand: Hand, name: str, headers: dict[str, str]) -> None:
    answer = hand.post(*pushes()(hand), headers=headers)
    assert answer.status_code == BY_NAME[name].status
    assert hand.line.ledger.broken_rules() == [name]
    assert hand.line.ledger.sent == []


def test_what_is_no_json_is_refused(hand: Hand) -> None:
    assert hand.post(PUSH, None, raw=b"{").status_code == 400
    assert hand.line.ledger.broken_rules() == ["not-json"]


def test_a_retry_key_is_taken_once(hand: Hand) -> None:
    key = {"X-Line-Retry-Key": "123e4567-e89b-12d3-a456-426614174000"}
    first = hand.post(*pushes()(hand), headers=key)
    second = hand.post(*pushes()(hand), headers=key)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert len(hand.line.ledger.texts_to(hand.user)) == 1


def test_a_good_message_arrives_and_a_blocked_user_gets_none(hand: Hand) -> None:
    assert hand.post(*pushes()(hand)).status_code == 200
    hand.line.block(hand.user)
    assert hand.post(*pushes()(hand)).status_code == 200
    assert hand.line.ledger.texts_to(hand.user) == ["こんにちは。"]
