"""How the machine is: the administrator's page, and figures for a monitor."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client
from pytest_django.fixtures import Settings

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import inbox, outbox, worker
from madoguchi.kernel.messages.data import EventKind, Incoming, Outcome, Outgoing, Receipt
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.web import machine, noted

TOKEN = "t" * 40


@pytest.fixture
def admin(town: Town, settings: Settings, tmp_path: Path) -> Client:
    settings.DATA = tmp_path
    member = people.take_in("管理者", "admin", actor="system:test")
    client = Client()
    client.force_login(member.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    return client


def write(clock: FixedClock, who: str) -> None:
    inbox.receive("web", [Incoming(f"e{who}", EventKind.TEXT, who, clock.now(), text="こんにちは")])


def certificate(path: Path, end: datetime) -> None:
    """A certificate that ends at a moment."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.jp")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(end - timedelta(days=90))
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def test_the_page_says_what_is_missing_and_what_to_do(
    admin: Client, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = admin.get("/staff/machine/").content.decode()
    assert "まだ取られていません" in page
    assert "まだ一度も更新していません" in page
    assert "予備機は設定されていません" in page
    noted.note(tmp_path, noted.Backup(clock.now().isoformat(), 12_300_000))
    noted.note(tmp_path, noted.Update(clock.now().isoformat(), "0.2.0", done=False))
    certificate(tmp_path / "cert.pem", datetime(2026, 7, 5, tzinfo=UTC))
    monkeypatch.setenv("MADOGUCHI_CERTIFICATE", str(tmp_path / "cert.pem"))
    page = admin.get("/staff/machine/").content.decode()
    assert "最後は7月1日 12:00（12.3 MB）" in page
    assert "更新できず、元に戻しました" in page
    assert "証明書を取り直してください" in page
    clock.advance(timedelta(days=3))
    assert "「madoguchi backup」を毎日" in next(
        sign.advice for sign in machine.machine() if sign.title == "バックアップ"
    )


def test_each_way_shows_when_it_last_worked(admin: Client, clock: FixedClock) -> None:
    write(clock, "w1")
    worker.work_inbox(lambda *_: b"")
    clock.advance(timedelta(minutes=7))
    worker.work_outbox(lambda *_: Receipt(Outcome.SENT), {})
    page = " ".join(admin.get("/staff/machine/").content.decode().split())
    assert "ウェブの窓口</th><td>7月1日 12:00</td><td>7月1日 12:07</td>" in page
    assert "LINE</th><td>まだありません" in page


def test_figures_are_of_all_towns_and_of_nobody(
    admin: Client, clock: FixedClock, other_town: Town, tmp_path: Path
) -> None:
    for who, there in (("w1", None), ("w2", other_town)):
        if there is None:
            write(clock, who)
        else:
            with current.use(there.pk):
                write(clock, who)
    outbox.say("line", "U1", [Outgoing("こんにちは。")])
    clock.advance(timedelta(seconds=90))
    answer = Client().get("/healthz?full")
    value = json.loads(answer.content)
    assert answer.status_code == 200
    assert value["status"] == "ok"
    assert (value["inbox_waiting"], value["outbox_waiting"]) == (2, 1)
    assert value["inbox_oldest_s"] == 90
    assert value["disk_free_bytes"] > 0
    assert value["database_bytes"] > 0
    assert value["backup_at"] is None
    assert not any(text in answer.content.decode() for text in ("こんにちは", "w1", "U1", "調布"))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "203.0.113.5"}, 403),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, 403),
        ({"REMOTE_ADDR": "203.0.113.5", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, 200),
        ({"REMOTE_ADDR": "203.0.113.5", "HTTP_AUTHORIZATION": "Bearer wrong"}, 403),
        ({"REMOTE_ADDR": "203.0.113.5", "HTTP_AUTHORIZATION": "Bearer ひ"}, 403),
    ],
)
def test_figures_are_for_this_machine_or_the_token(
    db: None, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], status: int
) -> None:
    monkeypatch.setenv("MADOGUCHI_MONITOR_TOKEN", TOKEN)
    assert Client().get("/healthz?full", **asked).status_code == status
    assert Client().get("/healthz", **asked).content == b"ok\n"


def test_an_empty_or_short_token_opens_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for token in ("", "short"):
        monkeypatch.setenv("MADOGUCHI_MONITOR_TOKEN", token)
        answer = Client().get(
            "/healthz?full", REMOTE_ADDR="203.0.113.5", HTTP_AUTHORIZATION=f"Bearer {token}"
        )
        assert answer.status_code == 403
