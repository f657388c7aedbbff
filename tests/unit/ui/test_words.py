"""Texts in three languages."""

import pytest
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ui.words import Language, Words, cookie_name, language_of, ruby

SHELTER = Words("避難所", "避難所《ひなんじょ》です", "Shelter")


@pytest.mark.parametrize(
    ("language", "html"),
    [
        (Language.JA, "避難所"),
        (Language.EN, "Shelter"),
        (
            Language.EASY,
            "<ruby>避難所<rp>（</rp><rt>ひなんじょ</rt><rp>）</rp></ruby>です",
        ),
    ],
)
def test_each_language_has_its_text(language: Language, html: str) -> None:
    assert SHELTER.in_(language) == html


def test_a_missing_language_falls_back_to_japanese() -> None:
    only = Words("窓口")
    assert [only.in_(language) for language in Language] == ["窓口"] * 3
    assert [only.plain(language) for language in Language] == ["窓口"] * 3


def test_plain_text_drops_the_readings() -> None:
    assert SHELTER.plain(Language.EASY) == "避難所です"


def test_a_reading_belongs_only_to_the_kanji_before_it() -> None:
    assert ruby("この町《まち》") == "この<ruby>町<rp>（</rp><rt>まち</rt><rp>）</rp></ruby>"


@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    html = ruby(f"<script>{text}")
    for tag in ("<ruby>", "</ruby>", "<rp>", "</rp>", "<rt>", "</rt>"):
        html = html.replace(tag, "")
    assert "<" not in html


@pytest.mark.parametrize(
    ("cookie", "language"),
    [(None, "ja"), ("easy", "easy"), ("en", "en"), ("fr", "ja"), ("<b>", "ja")],
)
def test_the_cookie_names_the_language(cookie: str | None, language: str) -> None:
    request = HttpRequest()
    if cookie is not None:
        request.COOKIES[cookie_name()] = cookie
    assert language_of(request) == language
