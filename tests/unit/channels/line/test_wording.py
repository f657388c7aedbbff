"""Texts and quick replies within LINE's limits."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.line.wording import split, to_line
from madoguchi.kernel.messages.data import Outgoing, QuickReply, ReplyKind


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.text(alphabet="あ。！\n a😀", max_size=300), st.integers(2, 40))
def test_parts_are_short_enough_and_hold_every_letter(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < utf16(part) <= limit for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


def test_a_text_is_cut_after_a_sentence() -> None:
    assert split("道が冠水。車は通れません。", 10) == ["道が冠水。", "車は通れません。"]


def test_an_emoji_counts_two_and_is_never_cut() -> None:
    assert split("😀😀😀", 3) == ["😀", "😀", "😀"]


def test_what_says_nothing_is_not_sent() -> None:
    assert to_line([Outgoing(" \n"), Outgoing("")]) == []


def test_quick_replies_stand_under_the_last_message() -> None:
    asked = Outgoing("どこですか。", (QuickReply(ReplyKind.LOCATION, "場所を送る"),))
    first, last = to_line([asked, Outgoing("お待ちください。")])
    assert first.quick_reply is None
    assert [item.action.label for item in last.quick_reply.items] == ["場所を送る"]


def test_quick_replies_keep_to_the_limits() -> None:
    choices = tuple(
        QuickReply(ReplyKind.TEXT, f"{n}番の長い長い長い長い長い長い名前") for n in range(20)
    )
    (only,) = to_line([Outgoing("選んでください。", choices)])
    items = only.quick_reply.items
    assert len(items) == 13
    assert all(utf16(item.action.label) <= 20 for item in items)
    assert items[0].action.text == "0番の長い長い長い長い長い長い名前"


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (ReplyKind.TEXT, {"type": "message", "label": "はい", "text": "yes"}),
        (
            ReplyKind.POSTBACK,
            {"type": "postback", "label": "はい", "data": "yes", "displayText": "はい"},
        ),
        (ReplyKind.LOCATION, {"type": "location", "label": "はい"}),
        (ReplyKind.CAMERA, {"type": "camera", "label": "はい"}),
    ],
)
def test_each_kind_of_button(kind: ReplyKind, wanted: dict[str, str]) -> None:
    (only,) = to_line([Outgoing("よいですか。", (QuickReply(kind, "はい", "yes"),))])
    assert only.quick_reply.items[0].action.to_dict() == wanted
