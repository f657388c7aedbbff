"""The page that connects a town to LINE: who may, and what is kept where."""

import json
import logging
import stat
from pathlib import Path

import pytest
from django.test import Client

from madoguchi.channels.line import account as accounts
from madoguchi.channels.line import keeping
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

from .conftest import PAGE_SECRET as SECRET
from .conftest import PAGE_TOKEN as TOKEN
from .conftest import sign_in

URL = "/staff/line/"


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

    monkeypatch.setattr(audit, "record", fail)
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
    assert f'href="{URL}"' in admin.get("/staff/settings/").content.decode()


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
