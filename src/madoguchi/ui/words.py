"""Texts in the three languages of resident pages, and the reader's choice among them."""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


class Language(StrEnum):
    """日本語, やさしい日本語 (short sentences, readings above the kanji) and English."""

    JA = "ja"
    EASY = "easy"
    EN = "en"

    @property
    def own_name(self) -> str:
        """The language's name in itself, for the switch."""
        return {"ja": "日本語", "easy": "やさしい日本語", "en": "English"}[self.value]

    @property
    def html_lang(self) -> str:
        """The value of the ``lang`` attribute, for screen readers."""
        return "en" if self is Language.EN else "ja"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in three languages. An empty ``easy`` or ``en`` falls back to ``ja``.

    In ``easy`` a reading may follow its kanji in double brackets: 避難所《ひなんじょ》.
    """

    ja: str
    easy: str = ""
    en: str = ""

    def in_(self, language: Language) -> SafeString:
        """The text as HTML: escaped, with readings as ruby."""
        if language == Language.EN and self.en:
            return conditional_escape(self.en)
        if language == Language.EASY and self.easy:
            return ruby(self.easy)
        return conditional_escape(self.ja)

    def plain(self, language: Language) -> str:
        """The text without markup, for titles and attributes."""
        if language == Language.EN and self.en:
            return self.en
        if language == Language.EASY and self.easy:
            return _READING.sub(r"\1", self.easy)
        return self.ja

    def written(self, language: Language) -> str:
        """The text for a message without markup: readings in brackets, 避難所（ひなんじょ）."""
        if language == Language.EASY and self.easy:
            return _READING.sub(r"\1（\2）", self.easy)
        return self.plain(language)


_READING = re.compile(r"([\u3400-\u9fff々〆ヶ]+)《([^》]{1,40})》")


def ruby(text: str) -> SafeString:
    """Escape ``text`` and turn 漢字《かんじ》 into ruby markup."""
    escaped = conditional_escape(text)
    return mark_safe(  # noqa: S308  (the text was escaped above)
        _READING.sub(r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>", escaped)
    )


def cookie_name() -> str:
    """The cookie that keeps the reader's choice."""
    return f"{settings.COOKIE_PREFIX}md_lang"


def language_of(request: HttpRequest) -> Language:
    """The reader's language by cookie; Japanese when none or an unknown one was chosen."""
    try:
        return Language(request.COOKIES.get(cookie_name(), "ja"))
    except ValueError:
        return Language.JA
