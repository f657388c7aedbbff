"""What a phone shows: both sides of one resident's talk with the town."""

from dataclasses import dataclass
from datetime import UTC, datetime

from madoguchi.channels.demo.fake_line.server import FakeLine


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply: ``kind`` is message, postback, location or camera."""

    kind: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on the phone."""

    mine: bool
    at: datetime
    text: str
    buttons: tuple[Button, ...] = ()


def bubbles(line: FakeLine, user: str) -> list[Bubble]:
    """The talk, oldest first; what was sent while the town was blocked did not arrive."""
    with line.ledger.lock:
        mine = [
            Bubble(True, _at(told.at), words)
            for told in line.ledger.told
            if _user(told.event) == user and (words := _said(told.event))
        ]
        theirs = [
            Bubble(False, _at(sent.at), str(message.get("text", "")), _buttons(message))
            for sent in line.ledger.sent
            if sent.to == user and sent.delivered
            for message in sent.messages
        ]
    return sorted([*mine, *theirs], key=lambda bubble: bubble.at)


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _user(event: dict[str, object]) -> object:
    source = event.get("source")
    return source.get("userId") if isinstance(source, dict) else None


def _said(event: dict[str, object]) -> str:
    kind, message = event.get("type"), event.get("message")
    if kind == "follow":
        return "（友だちに追加しました）"
    if kind == "unfollow":
        return "（ブロックしました）"
    if not isinstance(message, dict):
        return ""
    words = {"image": "（写真を送りました）", "location": "（位置情報を送りました）"}
    return words.get(str(message.get("type")), str(message.get("text", "")))


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
