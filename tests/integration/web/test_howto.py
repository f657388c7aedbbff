"""How to use it, in pictures: each step has its words and a small picture in three languages."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from madoguchi.ui.words import Language
from madoguchi.web.howto import GUIDES, Guide, picture

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

TITLES = (
    *("LINEで知らせる", "ホームページから知らせる", "写真と場所を送る", "避難所をさがす"),
    *("電話で知らせる", "ことばを変える"),
)
MAX_BYTES = 60_000


def test_all_six_are_listed(client: Client, town: "Town") -> None:
    html = client.get("/howto/").content.decode()
    assert [guide.title.ja for guide in GUIDES] == list(TITLES)
    for guide in GUIDES:
        assert guide.title.ja in html
        assert f'href="/howto/{guide.key}/"' in html
    assert 'href="/howto/"' in client.get("/help/").content.decode()
    assert client.get("/howto/nowhere/").status_code == 404


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.key)
def test_each_step_has_its_words_and_its_picture(
    client: Client, town: "Town", guide: Guide, language: Language
) -> None:
    client.cookies["md_lang"] = language.value
    html = client.get(f"/howto/{guide.key}/").content.decode()
    for number, words in enumerate(guide.steps, start=1):
        assert words.easy
        assert words.en
        assert words.in_(language) in html
        name = picture(guide, number, language)
        assert f'src="/static/{name}"' in html
        found = finders.find(name)
        assert found, name
        path = Path(str(found))
        assert path.stat().st_size < MAX_BYTES
        assert Image.open(path).size == (390, 520)
    assert len(re.findall(r"<img [^>]*alt=\"[^\"]+\"", html)) >= len(guide.steps)
