"""From what a town says to LINE's text messages."""

from collections.abc import Iterator, Sequence

from linebot.v3.messaging import (
    CameraAction,
    LocationAction,
    MessageAction,
    PostbackAction,
    QuickReply,
    QuickReplyItem,
    TextMessage,
)

from madoguchi.kernel.messages.data import Outgoing, ReplyKind
from madoguchi.kernel.messages.data import QuickReply as Choice

MAX_UNITS = 5000
"""UTF-16 units of a text message, as LINE counts."""
MAX_QUICK_REPLIES = 13
MAX_LABEL = 20
MAX_VALUE = 300
SENTENCE_ENDS = "。！？!?\n"


def to_line(messages: Sequence[Outgoing]) -> list[TextMessage]:
    """Text messages within LINE's limits; an empty list when nothing is said.

    LINE shows quick replies under the newest message alone, so all of them go there.
    """
    texts = [
        TextMessage(text=part) for m in messages if m.text.strip() for part in split(m.text.strip())
    ]
    choices = dict.fromkeys(choice for m in messages for choice in m.quick_replies)
    items = [_item(choice) for choice in list(choices)[:MAX_QUICK_REPLIES]]
    if texts and items:
        texts[-1].quick_reply = QuickReply(items=items)
    return texts


def split(text: str, limit: int = MAX_UNITS) -> list[str]:
    """Parts of at most ``limit`` UTF-16 units, cut after a sentence wherever there is one."""
    parts = []
    while units(text) > limit:
        head = cut(text, limit)
        end = max(head.rfind(mark) for mark in SENTENCE_ENDS) + 1
        head = head[: end or len(head)]
        parts.append(head.strip())
        text = text[len(head) :]
    return [part for part in [*parts, text.strip()] if part]


def units(text: str) -> int:
    """Length in UTF-16 units: an emoji counts two."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int) -> str:
    """The longest beginning of at most ``limit`` UTF-16 units."""
    return "".join(_while_room(text, limit))


def _while_room(text: str, limit: int) -> Iterator[str]:
    for character in text:
        limit -= units(character)
        if limit < 0:
            return
        yield character


def _item(choice: Choice) -> QuickReplyItem:
    label = cut(choice.label.strip(), MAX_LABEL)
    value = cut(choice.value or choice.label, MAX_VALUE)
    match choice.kind:
        case ReplyKind.LOCATION:
            action = LocationAction(label=label)
        case ReplyKind.CAMERA:
            action = CameraAction(label=label)
        case ReplyKind.POSTBACK:
            action = PostbackAction(label=label, data=value, display_text=label)
        case ReplyKind.TEXT:
            action = MessageAction(label=label, text=value)
    return QuickReplyItem(action=action)
