"""``madoguchi update`` from a filled house of the version before: forward whole, or back whole."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from madoguchi.operation import house, ready, update_journal, update_saved, updating
from madoguchi.operation.outcome import Failure
from madoguchi.operation.update_journal import Journal, Phase

from .conftest import Home

SQLITE = connection.vendor == "sqlite"
FIXTURES = Path(__file__).parents[2] / "fixtures" / "previous"
BEFORE = FIXTURES / ("sqlite.tar.gz" if SQLITE else "postgres.tar.gz")
DRIVER = Path(__file__).with_name("updates.py")

BROKEN = "then(house, 'build_tables', fail)"
HALF_BACK = "update_saved, '_put_back_sqlite'" if SQLITE else "update_saved.backup, 'load_postgres'"
_ALL = {
    "nowhere": "",
    "a migration fails": BROKEN,
    "the self-check fails": "first(update_step, 'check', fail)",
    "killed while it is kept": "first(update_saved.backup, 'keep_files', die)",
    "killed in the tables": "then(house, 'build_tables', lambda: (spoil(), die()))",
    "killed at the end": "first(update_journal, 'clear', die)",
    "killed before the way back": f"{BROKEN}; first(update_saved, 'put_back', die)",
    "killed in the way back": f"{BROKEN}; then({HALF_BACK}, die)",
    "killed after the way back": f"{BROKEN}; first(updating.noted, 'note', die)",
}
_EACH_STEP = (
    *("nowhere", "a migration fails", "the self-check fails"),
    *("killed in the tables", "killed in the way back"),
)
POINTS = _ALL if SQLITE else {point: _ALL[point] for point in _EACH_STEP}
"""On PostgreSQL one break in each step: what differs there is how tables come back."""


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What came of an update that was broken at each point."""
    folder = tmp_path_factory.mktemp("updates")
    data, pristine = folder / "house" / "data", folder / "pristine"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")}
    name = f"update_{os.getpid()}"
    environment = inherited | {"MADOGUCHI_DATA": str(data), "MADOGUCHI_PG_NAME": name}
    environment |= {"MADOGUCHI_DB": "sqlite" if SQLITE else "postgres"}
    try:
        if not SQLITE:
            _server(f'CREATE DATABASE "{name}"')
        _run(environment, "-m", "madoguchi.cli", "restore", str(BEFORE))
        shutil.copytree(data, pristine)
        if not SQLITE:
            _server(f'ALTER DATABASE "{name}" RENAME TO "{name}_pristine"')
        said = _run(environment, str(DRIVER), str(data), str(pristine), *POINTS.values())
        yield dict(zip(POINTS, json.loads(said.splitlines()[-1]), strict=True))
    finally:
        if not SQLITE:
            for each in (name, f"{name}_pristine"):
                _server(f'DROP DATABASE IF EXISTS "{each}" WITH (FORCE)')


def _run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _server(sql: str) -> None:
    import psycopg

    to = connection.settings_dict
    with psycopg.connect(
        dbname="postgres", user=to["USER"], host=to["HOST"], port=to["PORT"], autocommit=True
    ) as server:
        server.execute(sql)


def test_every_row_and_file_of_the_version_before_is_there_afterwards(ends) -> None:
    end = ends["nowhere"]
    assert end["first"] == "updated"
    assert end["forward"]
    assert end["count"] > 300


@pytest.mark.parametrize("point", POINTS)
def test_wherever_it_breaks_nothing_is_lost_or_left(ends, point: str) -> None:
    end = ends[point]
    assert end["lost"] == []
    assert end["files"]
    assert end["audit"]
    assert "half_made" not in end["tables"]
    assert end["beside"] == ["data"]


@pytest.mark.parametrize("point", [point for point in POINTS if "killed" not in point])
def test_the_next_update_works_and_staff_comes_in(ends, point: str) -> None:
    assert ends[point]["last"] == ("nothing" if ends[point]["forward"] else "updated")
    assert ends[point]["pages"] == [302, 200, 200, 200]


@pytest.mark.parametrize("point", [point for point in POINTS if point.startswith("killed")])
def test_a_kill_is_noticed_and_goes_back_unless_all_was_done(ends, point: str) -> None:
    end = ends[point]
    child_alone = point == "killed in the tables"
    assert end["first"].startswith("failed" if child_alone else f"killed {-signal.SIGKILL}")
    if end["unfinished"]:
        assert end["second"] == ("updated" if point == "killed at the end" else "put back")
    assert end["forward"] == (point == "killed at the end")


def test_what_fails_is_put_back_at_once_and_said(ends) -> None:
    for point in ("a migration fails", "the self-check fails"):
        assert "前の状態に戻してあります" in ends[point]["first"]
        assert ends[point]["unfinished"] == ""


SITE = """
from madoguchi.operation import house
import os, signal
whole = house.build_tables
def build_tables():
    whole()
    os.kill(os.getppid(), signal.SIGKILL)
    __import__("time").sleep(60)
house.build_tables = build_tables
"""


def test_the_command_is_killed_and_the_next_one_puts_back(home: Home, tmp_path: Path) -> None:
    """With processes of their own: the child dies with its parent, in the middle of the tables."""
    assert home.run("restore", str(BEFORE)).returncode == 0
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(SITE, encoding="utf-8")
    bad = Home(home.data, home.environment | {"PYTHONPATH": str(site)})
    assert bad.run("update").returncode == -signal.SIGKILL
    for command in (("serve", "--port", "1"), ("init", "--town", "調布市"), ("backup", "x")):
        refused = home.run(*command)
        assert refused.returncode == 1
        assert "「madoguchi update」を実行してください" in refused.stderr
    assert "前の状態に戻しました" in home.run("update").stdout
    assert "「madoguchi update」を実行してください" in home.run("serve", "--port", "1").stderr
    assert "新しくなりました" in home.run("update").stdout
    assert home.run("check").returncode == 0


def test_nothing_is_begun_without_room(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setattr(update_saved, "free", lambda _: 1000)
    with pytest.raises(Failure, match="まだ何も変えていません"):
        update_saved.refuse_without_room(data)


def test_an_older_program_does_not_open_a_newer_house(db: None) -> None:
    ready.refuse_newer()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('cases', '9999_of_the_future', '2030-01-01 00:00:00+00:00')"
        )
    for refuse in (ready.refuse_newer, ready.refuse_older, ready.refuse_unready):
        with pytest.raises(Failure, match="このプログラムより新しい"):
            refuse()


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a stand-in for systemctl was asked."""
    folder, asked = tmp_path / "bin", tmp_path / "asked"
    folder.mkdir()
    tool = folder / "systemctl"
    tool.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n', encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return asked


def test_the_service_is_stopped_before_and_opened_again_whatever_happens(
    asked: Path, tmp_path: Path
) -> None:
    def fails() -> None:
        with updating.closed(tmp_path, updating.Service("madoguchi")):
            assert asked.read_text("utf-8") == "stop madoguchi\n"
            with pytest.raises(Failure, match="すでに開いています"):
                house.hold(tmp_path, alone=True)
            raise Failure("だめ")

    with pytest.raises(Failure, match="だめ"):
        fails()
    assert asked.read_text("utf-8") == "stop madoguchi\nstart madoguchi\n"


def test_a_journal_that_cannot_be_read_opens_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    update_journal.write(data, Journal(Phase.CHANGING, "1"))
    update_journal.path(data).write_text("{", encoding="utf-8")
    with pytest.raises(Failure, match="restore"):
        update_journal.refuse_unfinished(data)
