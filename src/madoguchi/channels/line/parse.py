"""From a webhook body to events, tolerant: whatever LINE adds tomorrow is kept as OTHER.

Pure. The shapes are those of LINE's ``webhook.yml``; nothing in a body makes it raise.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.places.data import Point

LONGEST_NAME = 128
LONGEST_DATA = 300
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
"""The form LINE documents for ``webhookEventId``; anything else need not be unique."""

MESSAGES = {
    "text": EventKind.TEXT,
    "image": EventKind.IMAGE,
    "location": EventKind.LOCATION,
}
EVENTS = {
    "postback": EventKind.POSTBACK,
    "follow": EventKind.FOLLOW,
    "unfollow": EventKind.UNFOLLOW,
    "join": EventKind.JOIN,
    "leave": EventKind.LEAVE,
}

Json = Mapping[str, object]


def parse(body: Json) -> list[Incoming]:
    """The events of a webhook body, in its order. Never raises.

    An event that is not to be answered (nobody spoke to us, or another system holds the chat:
    mode "standby") has no ``reply_token`` and is OTHER; ``data`` then says what it was.
    """
    events = body.get("events")
    if not isinstance(events, list):
        return []
    return [_event(event) for event in events if isinstance(event, Mapping)]


def _event(event: Json) -> Incoming:
    source = _part(event, "source")
    group = _name(source, "groupId") or _name(source, "roomId")
    bare = Incoming(
        external_id=_external_id(event),
        kind=EventKind.OTHER,
        sender=_name(source, "userId") or group or "unknown",
        sent_at=_time(event.get("timestamp")),
        group=group,
    )
    kind = _word(event, "type")
    if kind == "unsend":  # whoever holds the chat
        return replace(
            bare, kind=EventKind.UNSEND, message=_name(_part(event, "unsend"), "messageId")
        )
    if event.get("mode") == "standby":
        return replace(bare, data=_data(f"standby:{kind}"))
    answerable = _answerable(event, bare)
    if kind == "message":
        return _message(_part(event, "message"), answerable)
    if kind == "postback":
        data = _data(_word(_part(event, "postback"), "data"))
        return replace(answerable, kind=EventKind.POSTBACK, data=data)
    if kind in EVENTS:
        return replace(answerable, kind=EVENTS[kind])
    return replace(bare, data=_data(kind))


def _answerable(event: Json, bare: Incoming) -> Incoming:
    """With the reply token, whose life does not begin anew when LINE delivers the event again."""
    again = _part(event, "deliveryContext").get("isRedelivery") is True
    token = _name(event, "replyToken")
    return replace(bare, reply_token=token, reply_token_at=bare.sent_at if again else None)


def _message(message: Json, bare: Incoming) -> Incoming:
    kind = MESSAGES.get(_word(message, "type"), EventKind.OTHER)
    bare = replace(bare, message=_name(message, "id"))
    if kind is EventKind.TEXT:
        return replace(bare, kind=kind, text=_word(message, "text"))
    if kind is EventKind.IMAGE:
        return replace(bare, kind=kind, media=_name(message, "id"))
    if kind is EventKind.LOCATION and (point := _point(message)) is not None:
        words = (_word(message, "title"), _word(message, "address"))
        return replace(bare, kind=kind, point=point, text="\n".join(w for w in words if w))
    return replace(bare, data=_data(_word(message, "type")))


def _point(message: Json) -> Point | None:
    lat, lon = _number(message.get("latitude")), _number(message.get("longitude"))
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return Point(lat, lon)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _time(value: object) -> datetime:
    """Milliseconds since 1970; the epoch itself where there is no usable time."""
    try:
        return datetime.fromtimestamp((_number(value) or 0.0) / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return EPOCH


def _external_id(event: Json) -> str:
    """LINE's id, the same when an event is sent again; else a hash of all but the delivery."""
    given = event.get("webhookEventId")
    if isinstance(given, str) and ULID.fullmatch(given):
        return given
    content = {key: value for key, value in event.items() if key != "deliveryContext"}
    try:
        text = json.dumps(content, sort_keys=True, default=str)
    except RecursionError:  # deeper than any event of LINE; its surface has to do
        text = json.dumps({key: str(type(value)) for key, value in content.items()})
    return f"hash:{hashlib.sha256(text.encode()).hexdigest()}"


def _part(whole: Json, key: str) -> Json:
    value = whole.get(key)
    return value if isinstance(value, Mapping) else {}


def _word(whole: Json, key: str) -> str:
    """A text that every database can keep: no NUL, no half of a surrogate pair."""
    value = whole.get(key)
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _name(whole: Json, key: str) -> str:
    return _word(whole, key)[:LONGEST_NAME]


def _data(value: str) -> str:
    return value[:LONGEST_DATA]
