"""What a phone shows: both sides of one resident's talk with the town."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from madoguchi.channels.demo.fake_line.ledger import Content, Told
from madoguchi.channels.demo.fake_line.server import FakeLine

NOTICES = {"follow": "友だちに追加しました", "unfollow": "ブロックしました"}


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply: ``kind`` is message, postback, location or camera."""

    kind: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on the phone.

    ``key`` is unique in the talk; ``photo`` is the id of a message with a picture; ``trouble``
    says what is wrong with it; a ``notice`` is no message.
    """

    key: str
    mine: bool
    at: datetime
    text: str
    photo: str = ""
    buttons: tuple[Button, ...] = ()
    trouble: str = ""
    notice: bool = False


def bubbles(line: FakeLine, user: str) -> list[Bubble]:
    """The talk, oldest first; what was sent while the town was blocked did not arrive."""
    with line.ledger.lock:
        theirs = list(_received(line, user))
        labels = {button.value: button.label for bubble in theirs for button in bubble.buttons}
        mine = [
            bubble
            for told in line.ledger.told
            if _sender(told) == user and (bubble := _said(told, labels))
        ]
    return sorted([*mine, *theirs], key=lambda bubble: bubble.at)


def photo(line: FakeLine, user: str, message_id: str) -> Content | None:
    """A photo that this resident sent."""
    with line.ledger.lock:
        sent = any(
            _sender(told) == user and _message(told).get("id") == message_id
            for told in line.ledger.told
        )
        return line.ledger.content.get(message_id) if sent else None


def _received(line: FakeLine, user: str) -> Iterator[Bubble]:
    for sent in line.ledger.sent:
        if sent.to == user and sent.delivered:
            for number, message in zip(sent.ids, sent.messages, strict=True):
                text = str(message.get("text", ""))
                yield Bubble(number, False, _at(sent.at), text, buttons=_buttons(message))


def _said(told: Told, labels: dict[str, str]) -> Bubble | None:
    event: dict[str, Any] = told.event
    kind, message = event["type"], _message(told)
    key, at, trouble = str(event["webhookEventId"]), _at(told.at), _trouble(told.answers)
    if kind in NOTICES:
        return Bubble(key, True, at, NOTICES[kind], notice=True)
    if kind == "postback":
        data = str(event["postback"]["data"])
        return Bubble(key, True, at, labels.get(data, data), trouble=trouble)
    if message.get("type") == "image":
        return Bubble(key, True, at, "", photo=str(message["id"]), trouble=trouble)
    if message.get("type") == "location":
        title = message.get("title", "送った場所")
        return Bubble(key, True, at, f"位置情報：{title}", trouble=trouble)
    text = str(message.get("text", ""))
    return Bubble(key, True, at, text, trouble=trouble) if text else None


def _trouble(answers: list[int]) -> str:
    if not answers:
        return "送っています…"
    if answers[-1] // 100 == 2:
        return ""
    return "まだ窓口に届いていません。自動でもう一度送ります。"


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _sender(told: Told) -> object:
    source = told.event.get("source")
    return source.get("userId") if isinstance(source, dict) else None


def _message(told: Told) -> dict[str, Any]:
    message = told.event.get("message")
    return message if isinstance(message, dict) else {}


def _buttons(message: dict[str, object]) -> tuple[Button, ...]:
    quick = message.get("quickReply")
    if not isinstance(quick, dict):
        return ()
    actions = [item["action"] for item in quick["items"]]
    return tuple(
        Button(
            str(action["type"]),
            str(action["label"]),
            str(action.get("text") or action.get("data") or ""),
        )
        for action in actions
    )
