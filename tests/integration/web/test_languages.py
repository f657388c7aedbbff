"""Every page of residents in easy Japanese and in English, without a forgotten sentence."""

import html
import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from madoguchi.ui import menu
from madoguchi.ui.words import Language

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
KANJI = re.compile(r"[一-龥々]+")
NAMES = {
    *("やさしい日本語", "日本語", "調布市", "調布市役所", "（代表）"),
    "公開されているソフトウェア「窓口」",
}
"""What stands in Japanese on every page: the town and the languages' own names."""
DATA = {"/shelters/", "/about/"}
"""Pages of which the table is data: names of places, credits of sources."""


@pytest.fixture
def pages(town: "Town") -> list[str]:
    """Every page that the menu of residents leads to, with all services on, and the home."""
    town.services = ["disaster", "helpdesk"]
    town.contact_phone = "042-000-1111"
    town.save()
    found = [item.url for item in menu.items("resident", town.services)]
    return ["/", *(url for url in found if "#" not in url)]


def shown(client: Client, page: str) -> str:
    """The markup of a page as somebody sees it: no scripts, no choices of a list, no data."""
    response = client.get(page)
    assert response.status_code == 200, page
    text = response.content.decode()
    for part in ("script", "style", "title", "option", *(("table",) if page in DATA else ())):
        text = re.sub(rf"(?s)<{part}\b.*?</{part}>", "", text)
    return text


def sentences(markup: str) -> list[str]:
    """The texts between the tags, without the names that stand there in any language."""
    texts = [html.unescape(part).strip() for part in re.split(r"<[^>]+>", markup)]
    for name in sorted(NAMES, key=len, reverse=True):
        texts = [text.replace(name, "") for text in texts]
    return [text for text in texts if text]


def test_english_pages_hold_no_japanese_sentence(client: Client, pages: list[str]) -> None:
    client.cookies["md_lang"] = Language.EN.value
    forgotten = {
        (page, text)
        for page in pages
        if page not in DATA
        for text in sentences(shown(client, page))
        if KANA.search(text)
    }
    assert not forgotten


def test_easy_pages_give_kanji_their_reading(client: Client, pages: list[str]) -> None:
    client.cookies["md_lang"] = Language.EASY.value
    bare = set()
    for page in pages:
        if page in DATA:
            continue
        markup = re.sub(r"(?s)<ruby>.*?</ruby>", "", shown(client, page))
        bare |= {(page, text) for text in sentences(markup) if KANJI.search(text)}
    assert not bare
