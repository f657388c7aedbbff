"""On every page for residents stand the help desk, the town hall, 119, 110 and 171."""

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from madoguchi.ui.words import Language
from madoguchi.web.howto import GUIDES

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

NUMBERS = ("0420002222", "0420001111", "119", "110", "171")
NO_PAGES = ("staff/", "accounts/", "api/", "demo/", "files/", "channels/", "language/", "healthz")
NOT_HTML = (
    "map/config",
    "message/log",
    "message/ticket",
    "message/send",
    "message/forget",
    "line/",
)


def addresses(patterns: list[Any], before: str = "") -> list[str]:
    """Every address of the house that may be a page for residents."""
    found = []
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            found.append(route)
    return [route for route in found if not route.startswith(NO_PAGES) and route not in NOT_HTML]


def pages() -> list[str]:
    routes = addresses(get_resolver("madoguchi.web.urls").url_patterns)
    plain = [f"/{route}" for route in routes if "<" not in route]
    guides = [f"/howto/{guide.key}/" for guide in GUIDES]
    assert [r for r in routes if "<" in r and not r.startswith("app/")] == ["howto/<str:guide>/"]
    return [page for page in plain if not page.startswith("/app/")] + guides


@pytest.mark.parametrize("language", Language)
def test_the_numbers_stand_on_every_resident_page(
    client: Client, town: "Town", language: Language
) -> None:
    town.contact_phone = "042-000-1111"
    town.settings["help_phone"] = "042-000-2222"
    town.services = ["disaster", "helpdesk"]
    town.save()
    client.cookies["md_lang"] = language.value
    seen = 0
    for page in pages():
        answer = client.get(page)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        if answer.status_code != 200:
            continue
        html = answer.content.decode()
        for number in NUMBERS:
            assert f'href="tel:{number}"' in html, (page, number)
        seen += 1
    assert seen >= 14
