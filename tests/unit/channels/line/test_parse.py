"""What becomes of a webhook body, whatever its shape."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.line.parse import parse
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.places.data import Point

USER, GROUP, ROOM = "U" + "1" * 32, "C" + "2" * 32, "R" + "3" * 32
AT = datetime(2026, 7, 1, 3, 0, 0, 250_000, tzinfo=UTC)


def event(**parts: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "mode": "active",
        "timestamp": int(AT.timestamp() * 1000),
        "source": {"type": "user", "userId": USER},
        "webhookEventId": "01H810YECXQQZ37VAXPF6H9E6T",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "token",
    } | parts


def message(**parts: Any) -> dict[str, Any]:
    return event(message={"id": "325708", **parts})


def one(given: dict[str, Any]) -> Incoming:
    (read,) = parse({"destination": "U", "events": [given]})
    return read


def test_a_text() -> None:
    assert one(message(type="text", text="道路が冠水")) == Incoming(
        external_id="01H810YECXQQZ37VAXPF6H9E6T",
        kind=EventKind.TEXT,
        sender=USER,
        sent_at=AT,
        text="道路が冠水",
        message="325708",
        reply_token="token",
    )


def test_an_image_is_named_by_its_message() -> None:
    read = one(message(type="image", contentProvider={"type": "line"}))
    assert (read.kind, read.media) == (EventKind.IMAGE, "325708")


def test_a_place_with_its_words() -> None:
    read = one(
        message(type="location", title="市役所", address="調布市", latitude=35, longitude=139.5)
    )
    assert (read.kind, read.point, read.text) == (
        EventKind.LOCATION,
        Point(35.0, 139.5),
        "市役所\n調布市",
    )


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(None, 1), ("35", "139"), (True, 1), (float("nan"), 1), (float("inf"), 1), (91, 1), (1, 181),
     (10**400, 1)],
)  # fmt: skip
def test_a_place_that_is_none_is_kept_as_other(lat: object, lon: object) -> None:
    read = one(message(type="location", latitude=lat, longitude=lon))
    assert (read.kind, read.point, read.data) == (EventKind.OTHER, None, "location")


@pytest.mark.parametrize("kind", ["sticker", "video", "audio", "file", "hologram"])
def test_other_messages_are_kept_and_can_be_answered(kind: str) -> None:
    read = one(message(type=kind))
    assert (read.kind, read.data, read.reply_token) == (EventKind.OTHER, kind, "token")


@pytest.mark.parametrize("kind", ["follow", "unfollow", "join", "leave"])
def test_comings_and_goings(kind: str) -> None:
    assert one(event(type=kind)).kind is EventKind(kind)


def test_a_postback_brings_its_data() -> None:
    read = one(event(type="postback", postback={"data": "yes", "params": {"date": "2026-07-01"}}))
    assert (read.kind, read.data) == (EventKind.POSTBACK, "yes")


@pytest.mark.parametrize("kind", ["memberJoined", "memberLeft", "beacon", "messageEdited", "new"])
def test_events_in_which_nobody_speaks_to_us_cannot_be_answered(kind: str) -> None:
    read = one(event(type=kind))
    assert (read.kind, read.data, read.reply_token) == (EventKind.OTHER, kind, "")


def test_a_message_taken_back_names_it() -> None:
    read = one(event(type="unsend", unsend={"messageId": "325708"}))
    assert (read.kind, read.message, read.reply_token) == (EventKind.UNSEND, "325708", "")


def test_a_token_that_comes_again_is_as_old_as_its_event() -> None:
    again = one(message(type="text", text="冠水") | {"deliveryContext": {"isRedelivery": True}})
    first = one(message(type="text", text="冠水"))
    assert (again.reply_token, again.reply_token_at) == ("token", AT)
    assert (first.reply_token, first.reply_token_at) == ("token", None)


def test_a_chat_that_another_system_holds_is_kept_and_not_answered() -> None:
    read = one(event(mode="standby", message={"type": "text", "text": "冠水"}))
    assert (read.kind, read.data, read.reply_token) == (EventKind.OTHER, "standby:message", "")


@pytest.mark.parametrize(
    ("source", "sender", "group"),
    [
        ({"type": "user", "userId": USER}, USER, ""),
        ({"type": "group", "groupId": GROUP, "userId": USER}, USER, GROUP),
        ({"type": "group", "groupId": GROUP}, GROUP, GROUP),
        ({"type": "room", "roomId": ROOM, "userId": USER}, USER, ROOM),
        ({"type": "room", "roomId": ROOM}, ROOM, ROOM),
        (None, "unknown", ""),
    ],
)
def test_who_speaks_and_where(source: object, sender: str, group: str) -> None:
    read = one(event(source=source))
    assert (read.sender, read.group) == (sender, group)


@pytest.mark.parametrize("given", [None, "", "testwebhookeventid", 7])
def test_without_an_id_of_line_the_content_names_the_event(given: object) -> None:
    first = one(event(webhookEventId=given))
    again = one(event(webhookEventId=given, deliveryContext={"isRedelivery": True}))
    later = one(event(webhookEventId=given, timestamp=1))
    assert first.external_id == again.external_id != later.external_id
    assert len(first.external_id) <= 128


@pytest.mark.parametrize("at", [None, "now", float("nan"), 10**400, -(10**18), True])
def test_an_event_without_a_usable_time_is_kept(at: object) -> None:
    assert one(event(timestamp=at)).sent_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_text_is_what_a_database_can_keep() -> None:
    read = one(message(type="text", text="a\x00b\ud83dc"))
    assert read.text == "ab?c"


def test_an_event_nested_without_end_is_kept() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert one(event(webhookEventId="", x=deep)).external_id


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["type", "mode", "timestamp", "source", "userId", "groupId", "message", "text", "latitude",
     "longitude", "replyToken", "webhookEventId", "postback", "data", "unsend", "id"]
)  # fmt: skip
KINDS = st.sampled_from(["message", "text", "image", "location", "postback", "follow", "unsend"])
EVENTS = st.recursive(
    JSON | KINDS, lambda inner: st.dictionaries(KEYS, inner, max_size=6), max_leaves=20
)


@given(st.lists(EVENTS, max_size=4) | JSON)
def test_odd_shapes_never_raise_and_always_fit_the_ledger(events: Any) -> None:
    read = parse({"events": events})
    shaped = [e for e in events if isinstance(e, dict)] if isinstance(events, list) else []
    assert len(read) == len(shaped)
    for incoming in read:
        words = (incoming.external_id, incoming.sender, incoming.group, incoming.media)
        assert max(map(len, [*words, incoming.reply_token])) <= 128
        assert len(incoming.data) <= 300
        assert incoming.external_id
        assert incoming.sender
        assert incoming.sent_at.tzinfo is not None
        kept = "".join([*words, incoming.text, incoming.data, incoming.reply_token])
        assert "\x00" not in kept
        assert json.loads(json.dumps(kept)).encode("utf-8")
