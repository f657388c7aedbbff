"""The page that connects a town to LINE: who may, what is kept where, what each trouble says."""

import json
import logging
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from madoguchi.channels.demo.fake_line import server
from madoguchi.channels.demo.fake_line.faults import Trouble
from madoguchi.channels.demo.fake_line.server import FakeLine
from madoguchi.channels.line import account as accounts
from madoguchi.channels.line import keeping, richmenu
from madoguchi.channels.line.client import LineClient
from madoguchi.channels.line.views import signed
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

SECRET = "0123456789abcdef" * 2
TOKEN = "a/long+word=" * 12
URL = "/staff/line/"
HOOK = "http://testserver/channels/line/webhook"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test alone."""
    settings.DATA = tmp_path
    for name in ("MADOGUCHI_LINE_HOST", "MADOGUCHI_LINE_DATA_HOST"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def sign_in(role: str, host: str = "testserver") -> Client:
    """A browser in which somebody of the current town is signed in."""
    client = Client()
    member = people.add_staff(f"{role}-{host}", "窓口 太郎", role, actor="system:test")
    client.post(f"/staff/enter/{people.make_sign_in_link(member)}", headers={"host": host})
    return client


@pytest.fixture
def admin(town: Town) -> Client:
    """An administrator's browser."""
    return sign_in("admin")


@pytest.fixture
def line(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLine]:
    """The stand-in for LINE, told where our webhook is."""
    with server.start(HOOK, SECRET, TOKEN) as made:
        monkeypatch.setenv("MADOGUCHI_LINE_HOST", made.host)
        monkeypatch.setenv("MADOGUCHI_LINE_DATA_HOST", made.data_host)
        yield made


@pytest.fixture
def kept(town: Town, data: Path) -> None:
    """The secrets are stored."""
    keeping.keep(town.pk, secret=SECRET, token=TOKEN, actor="system:test")


def read(town: Town) -> accounts.Account | None:
    """The account as the channel reads it."""
    town.refresh_from_db()
    return accounts.read(town.settings, {})


def files(data: Path) -> list[Path]:
    """Every file that holds a secret."""
    return [path for path in (data / "secrets").rglob("*") if path.is_file()]


# Keeping


def test_the_secrets_go_into_files_of_the_house_and_nowhere_else(
    admin: Client, town: Town, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sent = {"secret": f" {SECRET.upper()}\n", "token": f"{TOKEN[:50]}\r\n {TOKEN[50:]} "}
    response = admin.post(URL + "secrets", sent, follow=True)
    assert "保存しました" in response.content.decode()
    account = read(town)
    assert account is not None
    assert (account.secret, account.token) == (SECRET, TOKEN)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(data)} == {0o600}
    assert stat.S_IMODE((data / "secrets").stat().st_mode) == 0o700
    everything = json.dumps(town.settings) + caplog.text + response.content.decode()
    everything += json.dumps([[e.subject, e.ids] for e in Entry.objects.all()])
    for hidden in (SECRET, SECRET.upper(), TOKEN, TOKEN[:50]):
        assert hidden not in everything
    [entry] = Entry.objects.filter(verb="line.secrets")
    assert entry.subject == "town:13208"
    assert entry.actor.startswith("staff:")
    assert entry.ids == {"secret": "changed", "token": "changed"}


def test_one_of_them_can_be_replaced_and_the_old_file_goes(
    admin: Client, town: Town, kept: None, data: Path
) -> None:
    before = files(data)
    admin.post(URL + "secrets", {"secret": "", "token": TOKEN + "new"})
    account = read(town)
    assert account is not None
    assert (account.secret, account.token) == (SECRET, TOKEN + "new")
    after = files(data)
    assert len(after) == len(before) == 2
    assert len(set(after) & set(before)) == 1
    assert Entry.objects.filter(verb="line.secrets").last().ids == {
        "secret": "kept",
        "token": "changed",
    }


def test_other_settings_stay_as_they_are(town: Town, data: Path) -> None:
    town.settings = {"tiles": "gsi", "line": {"bot_user_id": "U1"}}
    town.save()
    keeping.keep(town.pk, secret=SECRET, token=TOKEN, actor="system:test")
    town.refresh_from_db()
    assert town.settings["tiles"] == "gsi"
    assert town.settings["line"]["bot_user_id"] == "U1"


def test_a_row_that_cannot_be_written_leaves_no_file(
    town: Town, kept: None, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(data)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(keeping.audit, "record", fail)
    with pytest.raises(RuntimeError):
        keeping.keep(town.pk, secret="", token=TOKEN + "new", actor="system:test")
    assert files(data) == before
    account = read(town)
    assert account is not None
    assert account.token == TOKEN


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "LINE Developers から写して入れてください"),
        ({"secret": SECRET}, "LINE Developers から写して入れてください"),
        ({"secret": "短い", "token": TOKEN}, "32文字です"),
        ({"secret": TOKEN, "token": SECRET}, "逆になっていないか"),
        ({"secret": SECRET, "token": "トークン" * 20}, "もう一度写してください"),
        ({"secret": SECRET, "token": "a" * 3000}, "2000"),
    ],
)
def test_what_cannot_be_right_is_said_and_not_shown_again(
    admin: Client, data: Path, sent: dict[str, str], words: str
) -> None:
    response = admin.post(URL + "secrets", sent)
    assert response.status_code == 400
    html = response.content.decode()
    assert words in html
    assert not any(value in html for value in sent.values())
    assert files(data) == []


def test_nothing_to_change_is_said(admin: Client, kept: None) -> None:
    response = admin.post(URL + "secrets", {"secret": "", "token": ""})
    assert "どちらかの欄に入れてください" in response.content.decode()


def test_what_the_operator_keeps_is_not_changed_here(admin: Client, town: Town, data: Path) -> None:
    town.settings["line"] = {"secret_env": "A", "token_file": "/etc/madoguchi/token"}
    town.save()
    html = admin.get(URL).content.decode()
    assert "運用の担当者が" in html
    assert 'name="token"' not in html
    sent = {"secret": SECRET, "token": TOKEN}
    refused = admin.post(URL + "secrets", sent, follow=True).content.decode()
    assert "担当者に頼んでください" in refused
    town.refresh_from_db()
    assert town.settings["line"] == {"secret_env": "A", "token_file": "/etc/madoguchi/token"}
    assert files(data) == []


# Who may


@pytest.mark.parametrize("role", ["viewer", "operator", "manager"])
@pytest.mark.parametrize("path", ["", "secrets", "check", "menu"])
def test_other_roles_are_refused(town: Town, data: Path, role: str, path: str) -> None:
    client = sign_in(role)
    ask = client.post if path else client.get
    assert ask(URL + path, {}).status_code == 403
    assert "LINEの設定" not in client.get("/staff/").content.decode()
    assert not Entry.objects.filter(verb__startswith="line.").exists()


def test_the_menu_leads_an_administrator_here(admin: Client) -> None:
    assert f'href="{URL}"' in admin.get("/staff/").content.decode()


def test_administrators_of_another_town_are_refused(
    town: Town, other_town: Town, kept: None
) -> None:
    with current.use(other_town.pk):
        there = sign_in("admin", host=other_town.hostname)
    for path in ("secrets", "check", "menu"):
        assert there.post(URL + path, {"secret": SECRET, "token": TOKEN}).status_code == 403
    own = there.get(URL, headers={"host": other_town.hostname})
    assert own.status_code == 200
    assert "まだです" in own.content.decode()
    assert f"http://{other_town.hostname}/channels/line/webhook" in own.content.decode()


def test_strangers_are_led_to_the_sign_in(town: Town) -> None:
    assert Client().get(URL).status_code == 302
    assert Client().post(URL + "menu").status_code == 302


def test_forms_need_their_token(town: Town) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in("admin").cookies
    for path in ("secrets", "check", "menu"):
        assert strict.post(URL + path, {"secret": SECRET, "token": TOKEN}).status_code == 403


# Checking


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
    for path in files(data):
        path.unlink()
    html = admin.post(URL + "check", follow=True).content.decode()
    assert "を読めません" in html


# The menu


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
