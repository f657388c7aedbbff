"""The five worries of the residents' survey are answered in public, in three languages."""

import re

import pytest
from django.test import Client

from madoguchi.kernel.towns.models import Town
from madoguchi.ui.words import Language
from madoguchi.web.worries import WORRIES

# 図表133 to 137 of the report: 「情報格差が拡大してしまう」, 「情報トラブルが発生する…」 and so on.
REPORT = ("情報格差の拡大", "情報トラブル", "システムトラブル", "金融トラブル", "人的トラブル")


def test_all_five_are_there_in_the_words_of_the_report(client: Client, town: Town) -> None:
    html = client.get("/worries/").content.decode()
    found = re.findall(r"<h2 id=\"worry-\w+\">\d\. (.*?)</h2>", html)
    assert found == list(REPORT)
    assert html.count("<strong>") >= len(REPORT)


@pytest.mark.parametrize("language", Language)
def test_each_has_one_answer_in_each_language(
    client: Client, town: Town, language: Language
) -> None:
    client.cookies["md_lang"] = language.value
    html = client.get("/worries/").content.decode()
    for worry in WORRIES:
        for words in (worry.question, worry.answer, *worry.facts):
            assert words.easy
            assert words.en
            assert words.in_(language) in html
    assert 'href="/worries/"' in client.get("/").content.decode()
