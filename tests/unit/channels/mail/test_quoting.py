"""What the sender wrote now. Each original is as that program quotes it."""

import pytest

from madoguchi.channels.mail.quoting import own_words

ORIGINALS = {
    "Gmail, Japanese": "2026年7月1日(水) 12:00 調布市 <m@town.jp>:\n\n> 場所はどこですか\n> 調布市",
    "Gmail, English": "On Wed, Jul 1, 2026 at 12:00 PM 調布市 <m@town.jp> wrote:\n\n> 場所は",
    "Gmail, broken line": "2026年7月1日(水) 12:00 調布市防災課の窓口\n<m@town.jp>:\n> 場所は",
    "iPhone": "2026/07/01 12:00、調布市 <m@town.jp>のメール:\n\n> 場所は",
    "Outlook": "________________________________\n差出人: 調布市 <m@town.jp>\n"
    "送信日時: 2026年7月1日 12:00\n宛先: h@a.jp\n件名: Re: x\n\n場所はどこですか",
    "Outlook, English": "-----Original Message-----\nFrom: 調布市\nSent: Wednesday\n\n場所は",
    "Outlook, block alone": "From: 調布市 <m@town.jp>\nSent: Wednesday\nTo: h@a.jp\n\n場所は",
    "Thunderbird": "On 2026/07/01 12:00, 調布市 wrote:\n> 場所は",
    "marks alone": "> 場所はどこですか\n>> 冠水",
    "docomo": "--- Original Message ---\n場所はどこですか",
}


@pytest.mark.parametrize("original", ORIGINALS.values(), ids=ORIGINALS)
def test_the_original_is_cut(original: str) -> None:
    assert (
        own_words(f"布田1丁目です\nお願いします\n\n{original}\n") == "布田1丁目です\nお願いします"
    )


def test_answers_between_and_below_the_quoted_lines_are_kept() -> None:
    intro = "On 2026/07/01 12:00, 調布市 <m@town.jp> wrote:"
    text = f"{intro}\n> 場所は？\n布田1丁目\n> けが人は？\nいません"
    assert own_words(text) == "布田1丁目\nいません"


@pytest.mark.parametrize(
    "signature",
    [
        "-- \n調布 花子\n調布市小島町2-35-1",
        "--\n花子",
        "iPhoneから送信",
        "私のスマートフォンから送信されました"[:14],
        "Sent from my iPhone",
        "━━━━━━━━━━\n調布 花子\nTEL 042-000-0000\nh@example.jp",
        "**********\nh@example.jp",
    ],
)
def test_the_signature_is_cut(signature: str) -> None:
    assert own_words(f"道路が冠水しています\n\n{signature}") == "道路が冠水しています"


@pytest.mark.parametrize(
    "text",
    [
        "----------\n場所：布田1丁目\n内容：冠水\n----------\nけが人がいます",
        "時刻：2026年7月1日 12:00\n道路が冠水しています",
        "2026年7月1日 12時ごろ、布田1丁目で冠水しました。",
        "From: 布田1丁目\n冠水です",
        "> だけの引用です",
        "On the road to 布田 a tree fell",
    ],
)
def test_words_of_the_sender_stay(text: str) -> None:
    assert own_words(text) == text


def test_what_is_passed_on_is_read() -> None:
    text = "母から届きました\n---------- Forwarded message ----------\nFrom: 母\n\n助けて"
    assert "助けて" in own_words(text, forwarded=True)
