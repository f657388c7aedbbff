"""The pages for residents, as a browser gets them."""

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import pack
from madoguchi.ui import cache, warnings
from madoguchi.ui.warnings import Level, Warning
from madoguchi.ui.words import Words

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

PAGES = ["/", "/shelters/", "/contacts/", "/help/", "/about/"]
LANGUAGES = ["ja", "easy", "en"]


def text_of(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, **headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_names_the_town_and_telephones(
    client: Client, town: "Town", path: str, language: str
) -> None:
    town.contact_phone = "042-000-1111"
    town.save()
    client.cookies["md_lang"] = language
    html = text_of(client, path)
    assert "調布市" in html
    for number in ("119", "110", "0420001111"):
        assert f'href="tel:{number}"' in html
    assert f'<html lang="{"en" if language == "en" else "ja"}"' in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [*PAGES, "/nowhere/"])
def test_no_inline_script_or_style_and_nothing_from_another_host(
    client: Client, town: "Town", path: str, language: str
) -> None:
    client.cookies["md_lang"] = language
    response = client.get(path)
    html = response.content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))
    loaded = re.findall(r'<(?:script|img|link|use)[^>]*(?:src|href)="([^"]+)"', html)
    assert loaded
    assert all(address.startswith(("/static/", "/app/")) for address in loaded)
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'self'" in policy


def test_the_home_leads_on_in_the_order_of_use(client: Client, town: "Town") -> None:
    html = text_of(client, "/")
    places = [html.index(f'href="{path}"') for path in ("/message/", "/shelters/", "/contacts/")]
    assert places == sorted(places)
    assert html.index('href="tel:119"') < places[0]


def test_the_chosen_language_is_kept_and_leads_back(client: Client, town: "Town") -> None:
    response = client.get("/language/en/?next=/shelters/")
    assert response["Location"] == "/shelters/"
    assert "Find a shelter" in text_of(client, "/shelters/")
    client.get("/language/easy/?next=/")
    assert "<rt>ひなんじょ</rt>" in text_of(client, "/help/") or "<ruby>" in text_of(client, "/")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_the_language_switch_leads_nowhere_else(client: Client, town: "Town", target: str) -> None:
    response = client.get("/language/en/", {"next": target})
    assert response["Location"] == "/"


def test_an_unknown_language_is_not_kept(client: Client, town: "Town") -> None:
    assert "md_lang" not in client.get("/language/xx/").cookies


def test_public_pages_need_no_session_and_set_no_cookie(client: Client, town: "Town") -> None:
    for path in PAGES:
        assert not client.get(path).cookies


def test_a_kept_page_costs_no_query(
    client: Client, town: "Town", django_assert_num_queries: "pytest.FixtureRequest"
) -> None:
    first = client.get("/")
    with django_assert_num_queries(0):
        again = client.get("/")
    assert again.content == first.content


def test_an_uncached_page_asks_for_the_town_alone(
    client: Client, town: "Town", django_assert_max_num_queries: "pytest.FixtureRequest"
) -> None:
    client.get("/?fresh=0")  # what is in force is asked once in a few seconds
    with django_assert_max_num_queries(1):
        client.get("/?fresh=1")


def test_browsers_ask_again_by_etag(client: Client, town: "Town") -> None:
    etag = client.get("/")["ETag"]
    response = client.get("/", headers={"If-None-Match": etag})
    assert response.status_code == 304
    assert response.content == b""
    assert client.get("/", headers={"If-None-Match": '"other"'}).status_code == 200


def test_languages_do_not_share_a_kept_page(client: Client, town: "Town") -> None:
    japanese = text_of(client, "/")
    client.cookies["md_lang"] = "en"
    assert text_of(client, "/") != japanese


def test_towns_do_not_share_a_kept_page(client: Client, town: "Town", other_town: "Town") -> None:
    assert "調布市" in text_of(client, "/")
    html = text_of(client, "/", headers={"host": "ome.example.jp"})
    assert "青梅市" in html
    assert "調布市" not in html


def test_a_drill_shows_at_once_on_every_page(client: Client, town: "Town") -> None:
    assert "訓練" not in text_of(client, "/")
    town.settings["drill"] = True
    town.save()
    for path in PAGES:
        html = text_of(client, path)
        assert "【訓練】" in html
        assert "これは訓練です" in html
    assert "【訓練】" in client.get("/nowhere/").content.decode()


def test_a_warning_stands_on_top(
    client: Client, town: "Town", monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Warning(Level.DANGER, Words("避難指示", en="Evacuate"), Words("<多摩川沿い>"))
    monkeypatch.setattr(warnings, "_sources", {lambda: [shown]: ""})
    cache.changed(town.pk)
    html = text_of(client, "/")
    assert html.index("避難指示") < html.index('<main id="main"')
    assert "&lt;多摩川沿い&gt;" in html


def test_shelters_by_distance_from_an_address(client: Client, town: "Town") -> None:
    html = text_of(client, "/shelters/?address=布田5丁目")
    kilometres = [
        float(number) / (1000 if unit == "m" else 1)
        for number, unit in re.findall(r'<td class="nowrap"[^>]*>([\d.]+) (k?m)</td>', html)
    ]
    assert len(kilometres) == sum(1 for _ in pack.load("13208").rows("shelters.csv"))
    assert kilometres == sorted(kilometres)
    assert kilometres[0] < 1.5


def test_an_unknown_address_says_what_to_do_and_keeps_it(client: Client, town: "Town") -> None:
    html = text_of(client, "/shelters/?address=<ぺけぽん>")
    assert "この住所の場所がわかりませんでした" in html
    assert 'value="&lt;ぺけぽん&gt;"' in html
    assert "<ぺけぽん>" not in html


def test_shelters_by_name_and_disaster(client: Client, town: "Town") -> None:
    rows = [row for row in pack.load("13208").rows("shelters.csv") if row["earthquake"] == "1"]
    html = text_of(client, "/shelters/?for=earthquake")
    assert html.count('<th scope="row">') == len(rows)
    assert "条件に合う場所がありません" in text_of(client, "/shelters/?q=どこにもない名前")


@pytest.mark.parametrize("code", [t.code for t in pack.all_packs() if t.served])
def test_home_shelters_and_map_of_every_town(client: Client, db: None, code: str) -> None:
    made = towns.create_town(code, hostname=f"t{code}.example.jp")
    host = {"host": made.hostname}
    assert made.name in text_of(client, "/", headers=host)
    assert made.name in text_of(client, "/shelters/", headers=host)
    config = client.get(reverse("map_config"), headers=host)
    assert config.json()["town"] == made.name


def test_the_map_base_is_asked_again_by_etag(client: Client, town: "Town") -> None:
    first = client.get("/map/config")
    again = client.get("/map/config", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_outside_tiles_open_the_policy_to_one_host_only_where_chosen(
    client: Client, town: "Town"
) -> None:
    town.settings["tiles"] = "gsi"
    town.save()
    policy = client.get("/")["Content-Security-Policy"]
    assert re.findall(r"https?://[^\s;]+", policy) == ["https://cyberjapandata.gsi.go.jp"] * 2
    assert (
        client.get("/map/config")
        .json()["tiles"]["url"]
        .startswith("https://cyberjapandata.gsi.go.jp/")
    )


def test_pages_name_the_powers_they_may_ask_for(client: Client, town: "Town") -> None:
    response = client.get("/")
    assert "geolocation=(self)" in response["Permissions-Policy"]
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
