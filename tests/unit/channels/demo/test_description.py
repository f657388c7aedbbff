"""What the stand-in takes and answers is what LINE's published description says."""

from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.channels.demo.fake_line.messages import check_messages
from madoguchi.channels.demo.fake_line.refusing import Findings, Refused
from madoguchi.channels.demo.fake_line.richmenus import check_menu

from . import official
from .conftest import Hand, menu, png
from .refusals import MULTICAST, PUSH, REPLY, RICH_MENU, Call, push, says

TEXT = {"type": "text", "text": "こんにちは。"}


def calls(hand: Hand) -> list[Call]:
    """One good call of each kind, in an order in which each one can work."""
    photo = hand.line.send_image(hand.user, b"\xff\xd8 photo").event["message"]
    assert isinstance(photo, dict)
    token = hand.line.ledger.new_token(hand.user)
    menu_id = hand.new_menu()
    body = {"messages": [TEXT]}
    picture = {"Content-Type": "image/png"}
    return [
        Call("POST", PUSH, body | {"to": hand.user}),
        Call("POST", MULTICAST, body | {"to": [hand.user]}),
        Call("POST", REPLY, body | {"replyToken": token}),
        *(Call("POST", f"/v2/bot/message/validate/{k}", body) for k in ("push", "reply")),
        Call("POST", "/v2/bot/message/validate/multicast", body),
        Call("GET", "/v2/bot/message/quota"),
        Call("GET", "/v2/bot/message/quota/consumption"),
        Call("GET", "/v2/bot/info"),
        Call("GET", "/v2/bot/channel/webhook/endpoint"),
        Call("POST", "/v2/bot/channel/webhook/test"),
        Call("POST", "/v2/bot/channel/webhook/test", {"endpoint": "http://127.0.0.1:9/none"}),
        Call("GET", f"/v2/bot/profile/{hand.user}"),
        Call("GET", f"/v2/bot/message/{photo['id']}/content", blobs=True),
        Call("POST", RICH_MENU, menu()),
        Call("POST", f"{RICH_MENU}/validate", menu()),
        Call("POST", f"{RICH_MENU}/{menu_id}/content", png(800, 250), picture, blobs=True),
        Call("POST", f"/v2/bot/user/all/richmenu/{menu_id}"),
        Call("GET", f"{RICH_MENU}/list"),
        Call("DELETE", f"{RICH_MENU}/{menu_id}"),
    ]


def test_each_call_is_one_of_lines_and_each_answer_keeps_to_its_schema(hand: Hand) -> None:
    for call in calls(hand):
        described = official.operation(call.method, call.path)
        assert described is not None, call.path
        data_host = [server["url"] for server in described.get("servers", [])]
        assert call.blobs == (data_host == [official.DATA_HOST]), call.path
        answer = hand.call(call)
        assert answer.status_code == 200, (call.path, answer.text)
        if answer.headers["content-type"] == "application/json":
            official.check_answer(call.method, call.path, 200, answer.json())
    assert hand.line.ledger.broken_rules() == []


def test_the_limit_of_the_month_is_told(hand: Hand) -> None:
    hand.line.ledger.quota = 200
    answer = hand.call(Call("GET", "/v2/bot/message/quota")).json()
    assert answer == {"type": "limited", "value": 200}
    hand.call(push()(hand))
    assert hand.call(Call("GET", "/v2/bot/message/quota/consumption")).json() == {"totalUsage": 1}


def test_the_description_refuses_what_it_should() -> None:
    for message in ({"type": "text"}, {"type": "telegram"}, {"text": "a"}):
        with pytest.raises(jsonschema.ValidationError):
            official.schema("PushMessageRequest").validate({"to": "U1", "messages": [message]})


def test_a_good_message_keeps_to_the_schema(hand: Hand) -> None:
    call = says(TEXT)(hand)
    assert hand.call(call).status_code == 200
    official.schema("PushMessageRequest").validate(call.body)


WORDS = st.one_of(st.none(), st.text(max_size=25), st.integers(0, 3), st.just("a" * 301))
URL = "https://a.example/a.jpg"
ACTION_KINDS = ["message", "postback", "uri", "camera", "location", "clipboard", "jump"]
MESSAGE_KINDS = ["text", "image", "location", "sticker", "video", "audio", "flex", "telegram"]


def spoilt(
    good: dict[str, Any], kinds: list[str], **parts: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    """``good`` as one of ``kinds``, with ``parts``, and at most one property spoilt or gone."""
    changed = st.one_of(
        st.just({}), st.sampled_from(sorted(good)).flatmap(lambda name: only(name, WORDS))
    )
    whole = st.fixed_dictionaries(parts | ({"type": st.sampled_from(kinds)} if kinds else {}))
    return st.builds(
        lambda made, change: {k: v for k, v in (good | made | change).items() if v is not None},
        whole,
        changed,
    )


def only(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object of one property."""
    return st.fixed_dictionaries({name: values})


ACTIONS = spoilt(
    {"label": "a", "text": "b", "data": "c", "displayText": "d", "uri": URL}, ACTION_KINDS
)
ITEMS = spoilt({"imageUrl": URL}, ["action"], action=ACTIONS)
MESSAGES = spoilt(
    {
        **{"text": "a", "title": "b", "address": "c", "latitude": 35.6, "longitude": 139.5},
        **{"originalContentUrl": URL, "previewImageUrl": URL, "duration": 1000},
        **{"packageId": "1", "stickerId": "2"},
    },
    MESSAGE_KINDS,
    quickReply=only("items", st.lists(ITEMS, min_size=1, max_size=2)),
)
BOUNDS = st.fixed_dictionaries({name: st.integers(-1, 250) for name in ("x", "y")}).map(
    lambda start: start | {"width": 100, "height": 100}
)
MENUS = spoilt(
    {"name": "a", "chatBarText": "b", "selected": True, "size": menu()["size"]},
    [],
    areas=st.lists(st.fixed_dictionaries({"bounds": BOUNDS, "action": ACTIONS}), max_size=2),
)
PURE = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@PURE
@given(st.lists(MESSAGES, min_size=1, max_size=2))
def test_no_message_is_taken_that_the_description_refuses(messages: list[Any]) -> None:
    findings = Findings()
    check_messages({"messages": messages}, findings)
    if not findings.found:
        official.schema("PushMessageRequest").validate({"to": "U1", "messages": messages})


@PURE
@given(MENUS)
def test_no_rich_menu_is_taken_that_the_description_refuses(body: dict[str, Any]) -> None:
    try:
        check_menu(body)
    except Refused:
        return
    official.schema("RichMenuRequest").validate(body)
