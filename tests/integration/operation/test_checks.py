"""``madoguchi check`` finds what is wrong and says what to do."""

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import inbox
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns.models import Town
from madoguchi.operation import checks, house
from madoguchi.operation.finding import Finding, Grade


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A furnished data folder."""
    folder = tmp_path / "data"
    house.furnish(folder)
    return folder


def found(data: Path, subject: str) -> Finding:
    """The one finding about a subject."""
    [finding] = [f for f in checks.all_findings(data) if f.subject == subject]
    return finding


LINE = {"line": {"secret_env": "CHECK_LINE_SECRET", "token_env": "CHECK_LINE_TOKEN"}}


def test_a_town_in_order(
    town: Town, data: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHECK_LINE_SECRET", "s" * 32)
    monkeypatch.setenv("CHECK_LINE_TOKEN", "t" * 32)
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    town.contact_phone = "042-481-7111"
    town.settings = LINE
    town.save()
    people.add_staff("boss", "責任者", "admin", actor="system:test")
    findings = [f for f in checks.all_findings(data) if f.subject != "画面の部品"]
    assert {f.grade for f in findings} == {Grade.WELL}, [f.as_text() for f in findings]
    assert all(f.as_text().startswith("よし ") for f in findings)


def test_line_without_its_secrets(town: Town, data: Path) -> None:
    assert found(data, "窓口の設定").grade is Grade.WARN
    town.settings = LINE
    town.save()
    assert found(data, "窓口の設定").grade is Grade.BAD
    assert "CHECK_LINE_SECRET" in found(data, "窓口の設定").todo


def test_a_house_open_to_the_public_needs_https(town: Town, data: Path, settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.HTTPS = ["chofu.example.jp"], False
    assert found(data, "公開の設定").grade is Grade.BAD
    settings.HTTPS = True
    assert found(data, "公開の設定").grade is Grade.WELL
    settings.ALLOWED_HOSTS = ["*"]
    assert found(data, "公開の設定").grade is Grade.BAD


def test_without_a_town(db: None, clock: FixedClock, data: Path) -> None:
    assert found(data, "町").grade is Grade.BAD
    assert "madoguchi init" in found(data, "町").todo


def test_a_town_that_nobody_can_call_or_enter(town: Town, data: Path) -> None:
    assert found(data, "町").grade is Grade.WARN
    assert found(data, "職員の入口").grade is Grade.BAD
    assert "--link" in found(data, "職員の入口").todo


@pytest.mark.parametrize("name", ["", house.SECRET])
def test_a_folder_or_key_that_others_can_read(town: Town, data: Path, name: str) -> None:
    (data / name).chmod(stat.S_IMODE((data / name).stat().st_mode) | stat.S_IRGRP)
    finding = found(data, "ファイルの権限")
    assert finding.grade is Grade.BAD
    assert f"chmod go= '{data / name}'" in finding.todo


def test_a_log_that_was_not_sealed_in_time(town: Town, data: Path, clock: FixedClock) -> None:
    audit.record("case.see", "case:1", actor="system:test")
    assert found(data, "操作の記録").grade is Grade.WELL
    clock.advance(timedelta(minutes=2))
    assert found(data, "操作の記録").grade is Grade.WARN
    audit.seal(clock.now())
    assert found(data, "操作の記録").grade is Grade.WELL
    assert "封印済み1件" in found(data, "操作の記録").text


def test_a_clock_that_fell_behind(town: Town, data: Path, clock: FixedClock) -> None:
    audit.record("case.see", "case:1", actor="system:test")
    clock.advance(timedelta(hours=-1))
    assert found(data, "時計").grade is Grade.BAD
    assert Entry.objects.count() == 1


def test_messages_that_wait_or_failed(town: Town, data: Path, clock: FixedClock) -> None:
    event = Incoming("e1", EventKind.TEXT, sender="w1", sent_at=clock.now(), text="冠水")
    inbox.receive("web", [event])
    assert found(data, "届いたメッセージ").grade is Grade.WELL
    clock.advance(timedelta(minutes=2))
    assert "1件" in found(data, "届いたメッセージ").text
    assert found(data, "届いたメッセージ").grade is Grade.WARN
    Inbound.objects.update(state=Inbound.State.FAILED)
    assert "自動で処理できなかった" in found(data, "届いたメッセージ").text


def test_answers_that_did_not_arrive(town: Town, data: Path, clock: FixedClock) -> None:
    row = Outbox.objects.create(
        channel="line",
        recipient="U1",
        messages=[{"text": "受け付けました"}],
        created_at=clock.now(),
        next_at=clock.now(),
    )
    assert found(data, "住民への送信").grade is Grade.WELL
    clock.advance(timedelta(minutes=11))
    assert "10分より長く" in found(data, "住民への送信").text
    Outbox.objects.filter(pk=row.pk).update(state=Outbox.State.REFUSED)
    assert "届けられなかったものが1件" in found(data, "住民への送信").text
    Outbox.objects.filter(pk=row.pk).update(settled_at=clock.now(), settled_by="staff:1")
    assert found(data, "住民への送信").grade is Grade.WELL


def test_one_check_that_breaks_does_not_hide_the_others(
    town: Town, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("disk")

    monkeypatch.setattr(checks.checks_machine, "assets", broken)
    finding = found(data, "画面の部品")
    assert finding.grade is Grade.BAD
    assert "OSError" in finding.text
    assert found(data, "データベース").grade is Grade.WELL
