"""Error pages: Japanese, what to do next, whom to call."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from madoguchi.web import errors

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town


def test_a_missing_page(client: Client, town: "Town") -> None:
    town.contact_phone = "042-000-1111"
    town.save()
    response = client.get("/nowhere/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "ページが見つかりません" in html
    assert "次にすること" in html
    assert 'href="tel:0420001111"' in html
    assert 'href="tel:119"' in html


def test_a_form_without_its_token(town: "Town") -> None:
    response = Client(enforce_csrf_checks=True).post("/message/", {"text": "冠水"})
    assert response.status_code == 403
    assert "画面を開いてから時間がたちました" in response.content.decode()


@pytest.mark.parametrize(
    ("show", "status", "words"),
    [
        (lambda r: errors.bad_request(r, SuspiciousOperation()), 400, "受け取れませんでした"),
        (lambda r: errors.forbidden(r, PermissionDenied()), 403, "権限がありません"),
        (errors.broken, 500, "システムの不具合"),
    ],
)
def test_the_other_errors_work_without_town_session_or_database(
    show: Callable[[HttpRequest], HttpResponse], status: int, words: str
) -> None:
    request: HttpRequest = RequestFactory().get("/x")
    response = show(request)
    assert response.status_code == status
    assert words in response.content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "Page not found"), ("easy", "ありません")])
def test_errors_speak_the_readers_language(
    client: Client, town: "Town", language: str, words: str
) -> None:
    client.cookies["md_lang"] = language
    assert words in client.get("/nowhere/").content.decode()


def test_the_address_asked_for_is_not_repeated(client: Client, town: "Town") -> None:
    assert "secretword" not in client.get("/secretword/").content.decode()
