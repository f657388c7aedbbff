"""What LINE says when the page asks it, and the menu, against the stand-in."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from madoguchi.channels.demo.fake_line.faults import Trouble
from madoguchi.channels.demo.fake_line.server import FakeLine
from madoguchi.channels.line import keeping, richmenu
from madoguchi.channels.line.client import LineClient
from madoguchi.channels.line.views import signed
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.towns.models import Town

from .conftest import HOOK, sign_in
from .conftest import PAGE_SECRET as SECRET

URL = "/staff/line/"


class Webhook(BaseHTTPRequestHandler):
    """Our webhook as seen from outside: it takes what is signed with ``secret``."""

    secret = SECRET
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        good = signed(body, self.secret, self.headers["X-Line-Signature"])
        assert json.loads(body)["events"] == []
        self.send_response(self.status if good else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def outside(line: FakeLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Webhook]]:
    """Our webhook stands where LINE and the page think it is."""
    handler = type("OurWebhook", (Webhook,), {})
    made = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{made.server_port}/channels/line/webhook"
    line.webhooks.url = url
    monkeypatch.setattr("madoguchi.channels.line.desk.webhook_url", lambda _: url)
    yield handler
    made.shutdown()
    made.server_close()


def check(admin: Client) -> str:
    """What the page says after the check."""
    response = admin.post(URL + "check")
    assert response.status_code == 200
    return response.content.decode()


def test_a_town_that_is_connected(admin: Client, kept: None, outside: type[Webhook]) -> None:
    html = check(admin)
    assert "LINEとつながっています" in html
    assert "デモ用の窓口" in html
    assert html.count("→ ") == 0


def test_a_wrong_secret_is_found_by_the_way_back(
    admin: Client, kept: None, outside: type[Webhook]
) -> None:
    outside.secret = "f" * 32
    html = check(admin)
    assert "まだつながっていません" in html
    assert "チャネルシークレットが合いません" in html


def test_a_webhook_that_does_not_answer_well_or_at_all(
    admin: Client, kept: None, outside: type[Webhook], line: FakeLine, monkeypatch: Any
) -> None:
    outside.status = 503
    assert "正しく答えませんでした（503）" in check(admin)
    monkeypatch.setattr("madoguchi.channels.line.desk.webhook_url", lambda _: "http://127.0.0.1:9/")
    line.webhooks.url = "http://127.0.0.1:9/"
    assert "アドレスを開けませんでした" in check(admin)


def test_an_address_that_is_wrong_missing_or_not_in_use(
    admin: Client, kept: None, line: FakeLine
) -> None:
    line.webhooks.active = False
    assert "「Webhookの利用」が切れています" in check(admin)
    line.webhooks.url = "https://elsewhere.example.jp/hook"
    html = check(admin)
    assert "別のアドレス（https://elsewhere.example.jp/hook）" in html
    assert HOOK in html
    line.webhooks.url = ""
    assert "まだ入っていません" in check(admin)
    line.faults.plan(Trouble.STATUS, path="endpoint", status=404)
    assert "まだ入っていません" in check(admin)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "アクセストークンを認めませんでした"),
        (403, "許可していません"),
        (429, "混み合っています"),
        (500, "障害が起きています（500）"),
        (418, "断りました（418）"),
    ],
)
@pytest.mark.parametrize("path", ["info", "endpoint", "webhook/test"])
def test_each_refusal_of_line_says_what_to_do(
    admin: Client,
    kept: None,
    outside: type[Webhook],
    line: FakeLine,
    status: int,
    words: str,
    path: str,
) -> None:
    line.faults.plan(Trouble.STATUS, path=path, status=status)
    html = check(admin)
    assert words in html
    assert html.count("<b>→ ") == 1
    assert "まだつながっていません" in html


def test_a_token_of_another_account(admin: Client, town: Town, line: FakeLine) -> None:
    keeping.keep(town.pk, secret=SECRET, token="x" * 60, actor="system:test")
    html = check(admin)
    assert "アクセストークンを認めませんでした" in html
    assert "x" * 60 not in html


def test_no_answer(admin: Client, kept: None, line: FakeLine) -> None:
    line.faults.plan(Trouble.CLOSE, path="info")
    assert "LINEから応答がありません" in check(admin)


@pytest.mark.parametrize("path", ["check", "menu"])
def test_before_the_secrets_are_there_the_page_says_so(admin: Client, path: str) -> None:
    html = admin.post(URL + path, follow=True).content.decode()
    assert "先に、手順2で" in html


def test_a_file_that_is_gone_is_said(admin: Client, kept: None, data: Path) -> None:
    for path in (data / "secrets" / "13208").iterdir():
        path.unlink()
    html = admin.post(URL + "check", follow=True).content.decode()
    assert "を読めません" in html


def test_the_menu_is_put_up_and_audited(
    admin: Client, town: Town, kept: None, line: FakeLine
) -> None:
    html = admin.post(URL + "menu", follow=True).content.decode()
    assert "メニューを入れました" in html
    [menu_id] = line.ledger.menus
    assert line.ledger.default_menu == menu_id
    assert line.ledger.broken_rules() == []
    actions = [area["action"] for area in line.ledger.menus[menu_id].body["areas"]]
    assert actions[2]["uri"] == "http://testserver/shelters/"
    [entry] = Entry.objects.filter(verb="line.menu")
    assert entry.ids == {"menu": menu_id}
    for action in actions:
        assert f"「{action['label']}」" in html


def test_a_menu_that_fails_says_so_and_is_not_audited(
    admin: Client, kept: None, line: FakeLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.faults.plan(Trouble.STATUS, path="user/all", status=429)
    html = admin.post(URL + "menu", follow=True).content.decode()
    assert "メニューは入りませんでした" in html
    monkeypatch.setattr(richmenu, "FONTS", ())
    assert "日本語フォント" in admin.post(URL + "menu", follow=True).content.decode()
    assert not Entry.objects.filter(verb="line.menu").exists()


@pytest.mark.django_db(transaction=True)
def test_line_is_never_asked_inside_a_transaction(
    town: Town, kept: None, line: FakeLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bool]] = []
    for name in ("bot", "webhook", "try_webhook", "create_menu", "set_menu_image", "show_menu"):
        original = getattr(LineClient, name)

        def watched(self, *given, _name=name, _original=original):
            seen.append((_name, connection.in_atomic_block))
            return _original(self, *given)

        monkeypatch.setattr(LineClient, name, watched)
    admin = sign_in("admin")
    admin.post(URL + "check")
    admin.post(URL + "menu")
    assert {name for name, _ in seen} >= {"bot", "webhook", "create_menu", "show_menu"}
    assert not any(inside for _, inside in seen)
