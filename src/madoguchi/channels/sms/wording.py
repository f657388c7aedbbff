"""From what a town says to one short message. Pure."""

from collections.abc import Sequence

from madoguchi.channels.sms import segments
from madoguchi.kernel.messages.data import Outgoing, ReplyKind

MOST_PARTS = 10
"""What Japanese networks join again at the other end."""

DRILL = "【訓練】"


def to_sms(
    messages: Sequence[Outgoing], *, town: str, phone: str, can_answer: bool, drill: bool
) -> str:
    """The text; "" when nothing is said."""
    said = [m.text.strip() for m in messages if m.text.strip()]
    if not said:
        return ""
    choices = [
        choice.value or choice.label
        for message in messages
        for choice in message.quick_replies
        if choice.kind is ReplyKind.TEXT
    ]
    text = "\n".join(said)
    if choices and can_answer:
        text += f"\n返信：{' / '.join(dict.fromkeys(choices))}"
    elif choices:
        text += f"\n返信は{phone or '役所の電話'}へ。"
    if town not in text:
        text = f"{town}：{text}"
    if drill and not text.startswith(DRILL):
        text = DRILL + text
    return segments.cut(text, MOST_PARTS, f"…（続きは{phone or '役所'}へ）")
