"""What is heard as a request for help, and what is not."""

import pytest

from madoguchi.services.helpdesk.data import Topic
from madoguchi.services.helpdesk.engine import hearing

HELP = (
    ("使い方がわからない", Topic.OTHER),
    ("スマホが苦手です", Topic.OTHER),
    ("スマホが苦手で、写真の送り方がわかりません", Topic.PHOTO),
    ("LINEの使い方を教えてください", Topic.LINE),
    ("ＬＩＮＥで知らせる方法がわからない", Topic.LINE),
    ("操作が難しくて困っています", Topic.OTHER),
    ("このページの見方がわかりません", Topic.WEB),
    ("字が小さくて読めません", Topic.SIZE),
    ("どこを押せばいいですか", Topic.OTHER),
    ("英語で見たい", Topic.LANGUAGE),
    ("ログインできません", Topic.SIGN_IN),
    ("つかいかたが わかりません", Topic.OTHER),
    ("しゃしんの おくりかたを おしえて ください", Topic.PHOTO),
    ("How do I use this app?", Topic.OTHER),
    ("I don't know how to send a photo", Topic.PHOTO),
    ("I need help using this page", Topic.WEB),
)
NO_HELP = (
    "多摩川住宅の前の道路が冠水しています",
    "停電しています",
    "避難所の場所はどこですか",
    "ありがとうございました",
    "水道の蛇口が壊れました",
    "助けて",
    "The road is flooded",
    "昨日写真を撮りました",
)
TROUBLE_TOO = (
    "スマホが苦手です。床上まで水が来ています",
    "写真が送れません。木が倒れて道をふさいでいます",
    "停電でスマホが使えません",
    "I can't use the app, there is a fire next door",
)


@pytest.mark.parametrize(("text", "topic"), HELP)
def test_words_that_ask_for_help(text: str, topic: Topic) -> None:
    heard = hearing.asks_for_help(text)
    assert heard is not None
    assert heard.score == hearing.WHOLE
    assert heard.topic is topic
    assert heard.reason


@pytest.mark.parametrize("text", NO_HELP)
def test_words_that_do_not(text: str) -> None:
    assert hearing.asks_for_help(text) is None


@pytest.mark.parametrize("text", TROUBLE_TOO)
def test_words_with_a_trouble_in_town_are_heard_only_half(text: str) -> None:
    heard = hearing.asks_for_help(text)
    assert heard is None or heard.score == hearing.HALF


@pytest.mark.parametrize(
    "text", ["電話してほしい", "電話をください", "折り返しお願いします", "call me"]
)
def test_a_wish_to_be_called(text: str) -> None:
    assert hearing.wants_call(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("042-481-7111です", "042-481-7111"),
        ("０９０－１２３４－５６７８", "090-1234-5678"),
        ("09012345678にお願いします", "09012345678"),
        ("電話は 03 1234 5678", "03 1234 5678"),
        ("受付番号は 2026-000123", ""),
        ("12345", ""),
        ("090-1234-567", ""),
        ("0901234567890", ""),
    ],
)
def test_a_telephone_number_is_found(text: str, number: str) -> None:
    assert hearing.phone_in(text) == number


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("電話してほしい", hearing.WHOLE),
        ("お電話してください。", hearing.WHOLE),
        ("call me", hearing.WHOLE),
        ("停電です。電話してほしい", hearing.HALF),
        ("裏の崖のことで役場の人に電話してほしい", hearing.HALF),
    ],
)
def test_a_wish_to_be_called_is_sure_when_nothing_else_is_said(text: str, score: float) -> None:
    heard = hearing.asks_for_help(text)
    assert heard is not None
    assert heard.score == score
