"""What residents hear: complete in each language, with buttons that are understood again."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from madoguchi.kernel.cases.data import Verb
from madoguchi.kernel.messages.data import Outgoing, ReplyKind
from madoguchi.kernel.places.data import Accuracy, Place, Point
from madoguchi.services.disaster import speaking, tellback
from madoguchi.services.disaster.data import Category
from madoguchi.ui.words import Language, Words
from madoguchi.web import reception

BLOCK = Place(Point(35.65, 139.55), Accuracy.BLOCK, 300, "国領町三丁目", "13208")
GIVEN: dict[str, Any] = {
    "number": "R8-0012",
    "categories": ["flood", "road"],
    "place": BLOCK,
    "danger": True,
    "phone": "042-000-1111",
    "town": "調布市",
    "why": "写真が大きすぎます。",
}
SAID: dict[str, Callable[..., Outgoing]] = {
    name: function
    for name, function in inspect.getmembers(speaking, inspect.isfunction)
    if function.__module__ == speaking.__name__
    and inspect.signature(function).return_annotation is Outgoing
}
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ]")
LABEL_MOST = 20  # the longest label LINE takes


def say(name: str, to: Language) -> Outgoing:
    """The text as somebody hears it."""
    asked = inspect.signature(SAID[name]).parameters
    return SAID[name](to, **{key: GIVEN[key] for key in asked if key != "to"})


def tables() -> list[tuple[str, Words]]:
    """Every constant text that may reach a resident."""
    found: list[tuple[str, Words]] = []
    for module in (speaking, tellback, reception):
        for name, value in vars(module).items():
            held = value.values() if isinstance(value, dict) else [value]
            found += [(f"{module.__name__}.{name}", one) for one in held if isinstance(one, Words)]
    return found


@pytest.mark.parametrize("name", SAID)
def test_english_holds_no_japanese_but_names(name: str) -> None:
    text = say(name, Language.EN).text
    for given in ("国領町三丁目", "調布市", "布田5丁目", "写真が大きすぎます。"):
        text = text.replace(given, "")
    assert not JAPANESE.search(text)
    assert "{" not in text


@pytest.mark.parametrize("name", SAID)
def test_easy_japanese_gives_each_kanji_its_reading(name: str) -> None:
    text = say(name, Language.EASY).text
    quoted = re.sub(r"「[^」]*」|（写真が大きすぎます。）|国領町三丁目|調布市|布田5丁目", "", text)
    bare = re.sub(r"[一-龥々]+（[ぁ-ゖー]+）", "", quoted)
    assert not re.findall(r"[一-龥々]{1,}", bare), text
    assert "《" not in text


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("to", Language)
def test_what_must_be_heard_is_said_in_each_language(name: str, to: Language) -> None:
    said, asked = say(name, to).text, inspect.signature(SAID[name]).parameters
    if "number" in asked:
        assert "R8-0012" in said
    if "danger" in asked:
        assert "119" in said
        assert "110" in said
    if "phone" in asked:
        assert "042-000-1111" in said


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("to", Language)
def test_buttons_fit_and_are_understood(name: str, to: Language) -> None:
    for button in say(name, to).quick_replies:
        assert 0 < len(button.label) <= LABEL_MOST
        if button.kind is ReplyKind.TEXT and name == "received_confirm_place":
            known = speaking.ASSENTS | speaking.DENIALS | speaking.IGNORANCE
            assert button.value in known


@pytest.mark.parametrize(("where", "words"), tables())
def test_every_text_stands_in_three_languages_with_the_same_gaps(where: str, words: Words) -> None:
    if where.endswith(".GROUP_WELCOME"):
        return  # a group reads it together, in Japanese
    assert words.easy, where
    assert words.en, where
    gaps = [sorted(set(re.findall(r"\{\w*\}", words.in_(to)))) for to in Language]
    assert gaps[0] == gaps[1] == gaps[2], where


def test_every_need_and_every_verb_that_is_told_has_its_words() -> None:
    assert set(speaking.NEEDS) == set(Category)
    assert set(tellback.NEWS) == {
        *(Verb.ASSIGN, Verb.START, Verb.SETTLE, Verb.REFUSE, Verb.MERGE, Verb.REOPEN)
    }
