"""What every answer tells the browser to refuse, and what cookies may do."""

import logging
import re
import runpy
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client
from whitenoise.middleware import WhiteNoiseMiddleware

from madoguchi.kernel.people import api as people
from madoguchi.settings import security
from madoguchi.settings.logs import Discreet

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

PAGES = ("/", "/message/", "/shelters/", "/help/", "/nowhere/", "/accounts/login/", "/healthz")
JSON = ("/api/v1/town", "/api/v1/places", "/map/config")


@pytest.fixture
def settings_with_https(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings of an installation that is reached by https."""
    monkeypatch.setenv("MADOGUCHI_HTTPS", "1")
    monkeypatch.delenv("MADOGUCHI_HSTS_SECONDS", raising=False)
    return runpy.run_path(security.__file__)


@pytest.mark.parametrize("path", PAGES + JSON)
def test_every_answer_is_strict(client: Client, town: "Town", path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in ("same-origin", "strict-origin")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_text_names_its_encoding(client: Client, town: "Town", path: str) -> None:
    kind = client.get(path).headers["Content-Type"]
    assert kind == "application/json" or kind.endswith("charset=utf-8")


def test_static_files_are_strict_too() -> None:
    server = WhiteNoiseMiddleware(get_wsgi_application())
    assert server.add_headers_function is security.WHITENOISE_ADD_HEADERS_FUNCTION
    from wsgiref.headers import Headers

    headers = Headers([])
    server.add_headers_function(headers, "", "")
    policy = headers["Content-Security-Policy"] or ""
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_by_https_cookies_are_bound_to_this_host(settings_with_https: dict[str, Any]) -> None:
    for cookie in ("SESSION_COOKIE", "CSRF_COOKIE"):
        assert settings_with_https[f"{cookie}_NAME"].startswith("__Host-")
        assert settings_with_https[f"{cookie}_SECURE"] is True
        assert settings_with_https[f"{cookie}_HTTPONLY"] is True
        assert settings_with_https[f"{cookie}_SAMESITE"] == "Lax"


def test_our_own_cookies_are_bound_too(client: Client, town: "Town", settings: Any) -> None:
    settings.COOKIE_PREFIX = "__Host-"
    sent = {"text": "道路が冠水しています", "once": str(uuid4())}
    said = client.post("/message/", sent, secure=True, follow=False)
    chosen = client.get("/language/en/", secure=True)
    for answer, name in ((said, "__Host-md_device"), (chosen, "__Host-md_lang")):
        cookie = answer.cookies[name]
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["path"] == "/"
        assert not cookie["domain"]
        assert cookie["samesite"] == "Lax"
    assert '<html lang="en"' in client.get("/help/", secure=True).content.decode()


def test_by_https_the_browser_never_comes_back_in_clear(
    settings_with_https: dict[str, Any],
) -> None:
    assert settings_with_https["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert settings_with_https["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert settings_with_https["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_signing_out_empties_the_browsers_cache(town: "Town") -> None:
    member = people.add_staff(f"{uuid4()}", "職員", "viewer", actor="system:test")
    client = Client()
    client.force_login(member.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    assert "Clear-Site-Data" not in client.get("/staff/").headers
    assert client.post("/accounts/logout/").headers["Clear-Site-Data"] == '"cache"'


def test_who_is_refused_stands_in_the_log(town: "Town", caplog: pytest.LogCaptureFixture) -> None:
    member = people.add_staff(f"{uuid4()}", "職員", "viewer", actor="system:test")
    client = Client()
    client.force_login(member.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    with caplog.at_level(logging.WARNING):
        assert client.get("/staff/line/").status_code == 403
    assert f"refused: user {member.user.pk}, staff/line/" in caplog.text
    assert "職員" not in caplog.text


def test_a_line_of_the_log_says_when_in_utc_and_is_one_line() -> None:
    record = logging.LogRecord("madoguchi.x", logging.INFO, "x.py", 1, "said %s", ("a",), None)
    record.created = 0.5
    line = Discreet("%(asctime)s %(levelname)s %(name)s %(message)s").format(record)
    assert re.fullmatch(r"1970-01-01T00:00:00\.500\+00:00 INFO madoguchi\.x said a", line)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_unknown_methods_do_nothing(client: Client, town: "Town", method: str) -> None:
    for path in ("/", "/staff/", "/api/v1/town"):
        assert client.generic(method, path).status_code == 405 or path == "/staff/"
