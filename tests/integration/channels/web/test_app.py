"""The resident's pages as an app: its description, its icons, and what a device may keep."""

import io
import json
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from madoguchi.kernel.towns.models import Town
from madoguchi.ui.cache import pages

MANIFEST, WORKER = "/app/manifest.webmanifest", "/app/worker.js"


@pytest.fixture(autouse=True)
def no_page_kept() -> None:
    """Kept pages of another test are of another town's or another setting's time."""
    pages.clear()


def manifest(language: str = "ja", **headers: str) -> dict[str, Any]:
    client = Client(headers=headers)
    client.cookies["md_lang"] = language
    answer = client.get(MANIFEST)
    assert answer["Content-Type"] == "application/manifest+json"
    return dict(json.loads(answer.content))


def shell() -> dict[str, Any]:
    """The settings of the service worker, from its first line."""
    first = Client().get(WORKER).content.decode().splitlines()[0]
    return dict(json.loads(first.removeprefix("self.SHELL = ").removesuffix(";")))


def test_the_app_has_the_name_of_its_town(town: Town, other_town: Town) -> None:
    assert manifest()["name"] == "調布市の窓口"
    assert manifest(host="ome.example.jp")["name"] == "青梅市の窓口"
    assert [item["name"] for item in manifest()["shortcuts"]] == ["知らせる", "避難所", "電話"]


@pytest.mark.parametrize(
    ("language", "lang", "shortcut"),
    [("ja", "ja", "知らせる"), ("easy", "ja", "知らせる"), ("en", "en", "Report")],
)
def test_it_speaks_the_readers_language(
    town: Town, language: str, lang: str, shortcut: str
) -> None:
    described = manifest(language)
    assert (described["lang"], described["shortcuts"][0]["name"]) == (lang, shortcut)


def test_everything_it_names_is_there(town: Town) -> None:
    described = manifest()
    for item in (*described["shortcuts"], {"url": described["start_url"]}):
        assert Client().get(item["url"]).status_code == 200
    drawn = [icon for icon in described["icons"] if icon["type"] == "image/png"]
    assert {icon["purpose"] for icon in drawn} == {"any", "maskable"}
    for icon in drawn:
        picture = Image.open(io.BytesIO(Client().get(icon["src"]).content))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_the_mark_stays_whole_under_any_mask(town: Town) -> None:
    """Outside the circle of 80 % of the width there is nothing but the ground."""
    drawn = Image.open(io.BytesIO(Client().get("/app/icon-mask-512.png").content))
    picture = drawn.convert("RGBA").convert("RGB")
    outside = {
        picture.getpixel((x, y))
        for x in range(0, 512, 4)
        for y in range(0, 512, 4)
        if (x - 256) ** 2 + (y - 256) ** 2 > (0.4 * 512) ** 2
    }
    assert outside == {(0, 23, 193)}


@pytest.mark.parametrize("size", [0, 1, 64, 4096, 10**9])
def test_icons_come_in_few_sizes(town: Town, size: int) -> None:
    assert Client().get(f"/app/icon-{size}.png").status_code == 404


def test_the_worker_has_its_headers(town: Town) -> None:
    answer = Client().get(WORKER)
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_a_device_keeps_pages_for_residents_alone(town: Town) -> None:
    for page in shell()["pages"]:
        assert not re.match("/(staff|accounts|files|demo|channels|api)/", page)
        answer = Client().get(page)
        assert answer.status_code == 200
        assert 'data-worker="/app/worker.js"' in answer.content.decode()
    assert "/shelters/" in shell()["pages"]


def test_the_parts_of_the_worker_exist(town: Town) -> None:
    parts = re.findall(r'"/static/([^"]+\.js)"', Client().get(WORKER).content.decode())
    assert [part.rpartition("/")[2] for part in parts] == ["queue.js", "shell.js"]
    assert all(finders.find(part) for part in parts)


def test_a_town_can_take_the_pages_off_the_devices(town: Town, settings: Settings) -> None:
    settings.OFFLINE_PAGES = False
    script = Client().get(WORKER).content.decode()
    assert "retire.js" in script
    assert "SHELL" not in script
    home = Client().get("/").content.decode()
    assert "data-worker" not in home
    assert 'rel="manifest"' in home  # it can still stand on the home screen


def test_staff_pages_do_not_belong_to_the_app(town: Town) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "data-worker" not in page
    assert 'rel="manifest"' not in page
