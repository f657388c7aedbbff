"""Parts of a message, at the edges that 3GPP TS 23.038 and 23.040 set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.sms import segments, wording
from madoguchi.channels.sms.segments import measure
from madoguchi.kernel.messages.data import Outgoing, QuickReply, ReplyKind


@pytest.mark.parametrize(
    ("text", "units", "parts"),
    [
        ("", 0, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        ("あ" * 70, 70, 1),
        ("あ" * 71, 71, 2),
        ("あ" * 134, 134, 2),
        ("あ" * 135, 135, 3),
        ("😀" * 35, 70, 1),
        ("😀" * 36, 72, 2),
        ("a" * 159 + "あ", 160, 3),
        ("ｶﾅ", 2, 1),
    ],
)
def test_edges(text: str, units: int, parts: int) -> None:
    size = measure(text)
    assert (size.units, size.parts) == (units, parts)


def test_a_character_of_two_units_is_not_torn_between_parts() -> None:
    # 66 + 2 units do not fit into 67: the emoji goes to the second part, and so do all that follow.
    assert measure("あ" * 66 + "😀" + "あ" * 65).parts == 2
    assert measure("あ" * 66 + "😀" + "あ" * 66).parts == 3
    assert measure("a" * 152 + "€" + "a" * 152).parts == 3


def test_the_price_is_rounded_up() -> None:
    assert measure("あ" * 71).yen(9.3) == 19
    assert measure("あ").yen(0) == 0


@given(st.text(max_size=400))
def test_parts_hold_all_units_and_no_more_than_needed(text: str) -> None:
    size = measure(text)
    room = 67 if size.wide else 153
    one = 70 if size.wide else 160
    assert size.parts == 1 if size.units <= one else size.parts >= size.units / room
    assert size.parts <= size.units // (room - 1) + 1


@given(st.text(alphabet="あa😀€", min_size=0, max_size=900), st.integers(1, 4))
def test_a_cut_text_fits_and_shows_that_it_was_cut(text: str, parts: int) -> None:
    kept = segments.cut(text, parts, "…（続き）")
    assert measure(kept).parts <= parts
    assert kept == text or (
        kept.endswith("…（続き）") and text.startswith(kept.removesuffix("…（続き）"))
    )


YES = QuickReply(ReplyKind.TEXT, "はい", "はい")


def test_the_town_speaks_by_its_name_and_a_drill_says_so() -> None:
    said = wording.to_sms(
        [Outgoing("受け付けました。")], town="調布市", phone="042", can_answer=True, drill=True
    )
    assert said == "【訓練】調布市：受け付けました。"


def test_choices_are_offered_only_where_an_answer_can_be_heard() -> None:
    ask = [Outgoing("合っていますか。", (YES, QuickReply(ReplyKind.LOCATION, "地図")))]
    can = wording.to_sms(ask, town="調布市", phone="042", can_answer=True, drill=False)
    assert can.endswith("返信：はい")
    cannot = wording.to_sms(ask, town="調布市", phone="042-000", can_answer=False, drill=False)
    assert cannot.endswith("返信は042-000へ。")
    assert "地図" not in can + cannot


def test_nothing_is_longer_than_ten_parts() -> None:
    long = wording.to_sms(
        [Outgoing("冠水" * 1000)], town="調布市", phone="042", can_answer=False, drill=False
    )
    assert measure(long).parts == 10
    assert len(long) <= 1600
    assert wording.to_sms([], town="a", phone="", can_answer=False, drill=False) == ""
