"""The pages that connect a town to mail, SMS and Slack: secrets, roles, what is said."""

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from madoguchi.channels.mail import account as mail
from madoguchi.channels.mail.models import StoredLetter
from madoguchi.channels.slack import account as slack
from madoguchi.channels.sms import account as sms
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock import api as clock_api
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

from ...fakes import mail_servers, twilio
from ...fakes import slack as fake_slack

MAIL = {
    "address": "madoguchi@town.example.jp",
    "user": "madoguchi@town.example.jp",
    "password": " secret of the mailbox",
    "imap_host": "IMAP.example.jp",
    "imap_port": "993",
    "smtp_host": "smtp.example.jp",
    "smtp_port": "465",
}
SMS = {"account_sid": twilio.ACCOUNT, "token": twilio.TOKEN, "sender": "Chofu", "yen": "9.5"}
SLACK = {"url": "https://hooks.slack.com/services/T0/B0/secret", "events": ["urgent"]}
DESKS = {
    "mail": (MAIL, "password", mail),
    "sms": (SMS, "token", sms),
    "slack": (SLACK, "url", slack),
}


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    """A data folder of this test alone."""
    settings.DATA = tmp_path
    return tmp_path


def browser(role: str) -> Client:
    """A browser in which somebody of the current town is signed in."""
    client = Client()
    member = people.add_staff(f"{role}-{uuid4()}", "職員", role, actor="system:test")
    client.force_login(member.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    return client


@pytest.fixture
def admin(town: Town, data: Path) -> Client:
    """An administrator's browser."""
    return browser("admin")


@pytest.mark.parametrize("kind", DESKS)
def test_a_secret_goes_into_a_file_and_nowhere_else(
    admin: Client, town: Town, data: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    given, part, room = DESKS[kind]
    page = admin.post(f"/staff/{kind}/keep", given, follow=True).content.decode()
    assert "保存しました" in page
    town.refresh_from_db()
    account = room.of_town(town.settings)
    assert account is not None
    secret = str(given[part]).strip()
    assert getattr(account, part) == secret
    [file] = [path for path in (data / "secrets").rglob("*") if path.is_file()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    everything = json.dumps(town.settings) + page + caplog.text + repr(account)
    everything += json.dumps([[e.subject, e.ids] for e in Entry.objects.all()])
    assert secret not in everything
    assert Entry.objects.filter(verb=f"{kind}.secrets").count() == 1


@pytest.mark.parametrize("kind", DESKS)
def test_an_empty_secret_keeps_what_is_stored(admin: Client, town: Town, kind: str) -> None:
    given, part, room = DESKS[kind]
    admin.post(f"/staff/{kind}/keep", given)
    assert admin.post(f"/staff/{kind}/keep", given | {part: ""}).status_code == 302
    town.refresh_from_db()
    assert getattr(room.of_town(town.settings), part) == str(given[part]).strip()


@pytest.mark.parametrize("kind", DESKS)
def test_what_the_operator_keeps_is_not_changed_here(admin: Client, town: Town, kind: str) -> None:
    given, part, _ = DESKS[kind]
    town.settings[kind] = {f"{part}_env": "ELSEWHERE"}
    town.save()
    assert "運用の担当者" in admin.get(f"/staff/{kind}/").content.decode()
    page = admin.post(f"/staff/{kind}/keep", given, follow=True).content.decode()
    assert "担当者に頼んでください" in page
    town.refresh_from_db()
    assert town.settings[kind] == {f"{part}_env": "ELSEWHERE"}


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("mail", {"address": "x"}, "メールアドレスの形"),
        ("mail", {"address": "a@b.jp\nBcc: c@d.jp"}, "メールアドレスの形"),
        ("mail", {"password": ""}, "パスワードを入れて"),
        ("mail", {"imap_host": "a b"}, "サーバー名の形"),
        ("mail", {"imap_host": "127.0.0.1"}, "この機械のメールサーバー"),
        ("mail", {"smtp_host": "localhost."}, "この機械のメールサーバー"),
        ("mail", {"smtp_port": "0"}, "1 以上"),
        ("mail", {"folder": 'a"\r\nX'}, "フォルダーの名前"),
        ("mail", {"folder": "受信箱"}, "半角の英数字"),
        ("sms", {"account_sid": "AC1"}, "34文字"),
        ("sms", {"token": "short"}, "32文字"),
        ("sms", {"token": ""}, "写して入れて"),
        ("sms", {"sender": "長い名前"}, "送信元は"),
        ("sms", {"yen": "たかい"}, "数字で"),
        ("slack", {"url": "https://evil.example/services/x"}, "hooks.slack.com"),
        ("slack", {"url": ""}, "写して入れて"),
        ("slack", {"events": ["everything"]}, "一覧から選んで"),
    ],
)
def test_what_cannot_be_right_is_said(
    admin: Client, town: Town, kind: str, change: dict[str, object], words: str
) -> None:
    given, part, _ = DESKS[kind]
    answer = admin.post(f"/staff/{kind}/keep", given | change)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert words in page
    assert str(given[part]).strip() not in page or part in change
    town.refresh_from_db()
    assert kind not in town.settings


@pytest.mark.parametrize("kind", DESKS)
@pytest.mark.parametrize("role", ["viewer", "operator", "manager"])
def test_other_roles_are_refused_and_see_no_entry(
    town: Town, data: Path, kind: str, role: str
) -> None:
    client = browser(role)
    assert client.get(f"/staff/{kind}/").status_code == 403
    assert client.post(f"/staff/{kind}/keep", {}).status_code == 403
    assert f'href="/staff/{kind}/"' not in client.get("/staff/settings/").content.decode()


def test_the_page_of_settings_leads_to_all_three(admin: Client) -> None:
    page = admin.get("/staff/settings/").content.decode()
    for kind in DESKS:
        assert f'href="/staff/{kind}/"' in page


def test_another_town_sees_nothing_of_ours(admin: Client, town: Town, other_town: Town) -> None:
    admin.post("/staff/mail/keep", MAIL)
    with current.use(other_town.pk):
        there = browser("admin")
        page = there.get("/staff/mail/", headers={"host": other_town.hostname}).content.decode()
    assert "madoguchi@town.example.jp" not in page


def test_all_mails_are_there_for_staff_of_the_town(admin: Client, other_town: Town) -> None:
    row = StoredLetter.objects.create(
        identity="1",
        sender="a@b.jp",
        subject="自動返信",
        text="<b>不在です</b>",
        kind="automatic",
        size=1,
        received_at=clock_api.now(),
    )
    for asked in ("", "?kind=unanswered"):
        page = admin.get(f"/staff/mail/letters/{asked}").content.decode()
        assert "自動返信" in page
        assert "a@b.jp" in page
    page = admin.get(f"/staff/mail/letters/{row.pk}/").content.decode()
    assert "&lt;b&gt;不在です&lt;/b&gt;" in page
    assert Entry.objects.filter(verb="mail.read", subject=f"letter:{row.pk}").count() == 1
    with current.use(other_town.pk):
        there = browser("admin")
        host = {"host": other_town.hostname}
        assert there.get(f"/staff/mail/letters/{row.pk}/", headers=host).status_code == 404


# Trying


@pytest.fixture
def provider(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[mail_servers.Provider]:
    """The mail servers, and the town connected to them."""
    with mail_servers.running() as made:
        made.imap.let_in(MAIL["address"])
        monkeypatch.setenv("TEST_MAIL_PASSWORD", mail_servers.PASSWORD)
        town.settings["mail"] = {
            "address": MAIL["address"],
            "user": MAIL["user"],
            "password_env": "TEST_MAIL_PASSWORD",
            "imap_host": mail_servers.HOST,
            "imap_port": made.imap.port,
            "smtp_host": mail_servers.HOST,
            "smtp_port": made.smtp.port,
        }
        town.save()
        yield made


def test_mail_is_tried_both_ways(admin: Client, provider: mail_servers.Provider) -> None:
    page = admin.post("/staff/mail/check").content.decode()
    assert "つながっています" in page
    assert provider.smtp.taken == []
    page = admin.post("/staff/mail/send", {"to": "me@a.jp"}).content.decode()
    assert "試しのメールを送りました" in page
    [sent] = provider.smtp.to("me@a.jp")
    assert "試しのメール" in sent.get_content()
    assert Entry.objects.filter(verb="mail.try").count() == 1


def test_trouble_with_mail_says_what_to_do(admin: Client, provider: mail_servers.Provider) -> None:
    provider.imap.let_in(MAIL["address"], "changed")
    provider.smtp.password = "changed"
    page = admin.post("/staff/mail/check").content.decode()
    assert "まだつながっていません" in page
    assert page.count("パスワードを認めません") == 2
    assert "自動で送り直します" not in page
    assert admin.post("/staff/mail/send", {"to": "bad"}).status_code == 400


def test_sms_is_tried_and_counted(
    admin: Client, town: Town, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with twilio.running(clock) as fake:
        fake.sender = "Chofu"
        monkeypatch.setenv("MADOGUCHI_SMS_HOST", fake.host)
        admin.post("/staff/sms/keep", SMS)
        assert "つながりました" in admin.post("/staff/sms/check", follow=True).content.decode()
        assert fake.messages == []
        page = admin.post("/staff/sms/send", {"to": "090-1234-5678"}, follow=True).content.decode()
        assert "…5678 に送りました" in page
        assert len(fake.to("+819012345678")) == 1
        page = admin.post("/staff/sms/count", {"text": "あ" * 71}).content.decode()
        assert "2通分" in page
        assert "約19円" in page
        assert admin.post("/staff/sms/send", {"to": "03-1234-5678"}).status_code == 400


def test_slack_is_tried(admin: Client, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with fake_slack.running() as fake:
        monkeypatch.setenv("MADOGUCHI_SLACK_LOCAL", "1")
        admin.post("/staff/slack/keep", SLACK | {"url": fake.url})
        assert "送りました" in admin.post("/staff/slack/send", follow=True).content.decode()
        assert len(fake.posted) == 1
        fake.answers.append((404, ""))
        page = admin.post("/staff/slack/send", follow=True).content.decode()
        assert "断りました（404）" in page
        assert "自動で送り直します" not in page
