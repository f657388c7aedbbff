"""Log files that turn over."""

import logging
import multiprocessing
import stat
from pathlib import Path

import pytest

from madoguchi.settings import logs


def write(path: Path, lines: int, most_bytes: int, who: str = "a") -> None:
    handler = logs.TurningFile(str(path), most_bytes, 4)
    for number in range(lines):
        handler.emit(logging.makeLogRecord({"msg": f"{who}{number:05}"}))


def test_the_file_turns_over_and_the_oldest_goes(tmp_path: Path) -> None:
    path = tmp_path / "madoguchi.log"
    write(path, 100, 70)  # ten lines a file
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["madoguchi.lock", *(f"madoguchi.log{n}" for n in ("", ".1", ".2", ".3"))]
    assert path.read_text().split() == [f"a{n:05}" for n in range(90, 100)]
    assert (tmp_path / "madoguchi.log.3").read_text().split()[0] == "a00060"
    assert {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.glob("*.log*")} == {0o600}


def test_processes_that_share_it_lose_no_line(tmp_path: Path) -> None:
    path = tmp_path / "madoguchi.log"
    writers = [
        multiprocessing.get_context("fork").Process(target=write, args=(path, 150, 3000, who))
        for who in "abc"
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    kept = [line for file in tmp_path.glob("*.log*") for line in file.read_text().split()]
    assert len(kept) == len(set(kept)) == 450
    assert {len(line) for line in kept} == {6}


def test_where_it_cannot_be_written_the_line_goes_to_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "none" / "madoguchi.log", 1, 100)
    assert capsys.readouterr().err == "a00000\n"


def test_lines_go_to_stderr_unless_a_folder_is_named() -> None:
    assert logs.handler("")["class"] == "logging.StreamHandler"
    chosen = logs.handler("/var/log/madoguchi")
    assert chosen["path"] == "/var/log/madoguchi/madoguchi.log"
    assert chosen["formatter"] == "discreet"
