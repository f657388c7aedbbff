"""A mirror is like its source after each round: new files, changed ones, and those that went."""

import os
from pathlib import Path

import pytest

from madoguchi.operation.standby_mirror import Mirror


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "files/13208/ab").mkdir(parents=True)
    (folder / "secret.key").write_text("key")
    (folder / "files/13208/ab/one.jpg").write_bytes(b"one")
    for left_out in ("madoguchi.sqlite3", "madoguchi.sqlite3-wal", "open.lock", "x.part"):
        (folder / left_out).write_text("no")
    for left_out in ("standby", "demo", ".madoguchi.sqlite3-litestream"):
        (folder / left_out).mkdir()
        (folder / left_out / "file").write_text("no")
    return folder


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_everything_but_the_database_and_what_this_machine_alone_needs(
    source: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy"
    assert Mirror(source, target).bring_up_to_date() == 2
    assert content(target) == {"secret.key": b"key", "files/13208/ab/one.jpg": b"one"}
    assert (target / "secret.key").stat().st_mode & 0o077 == 0


def test_what_comes_goes_and_changes_follows(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    mirror = Mirror(source, target)
    mirror.bring_up_to_date()
    photos = source / "files/13208/ab"
    (photos / "two.jpg").write_bytes(b"two")
    (photos / "one.jpg").unlink()
    (source / "files/13208/cd").mkdir()
    (source / "files/13208/cd/three.jpg").write_bytes(b"three")
    secret = source / "secret.key"
    secret.write_text("another")
    os.utime(secret, ns=(0, secret.stat().st_mtime_ns + 10**9))
    mirror.bring_up_to_date()
    assert content(target) == {
        "secret.key": b"another",
        "files/13208/ab/two.jpg": b"two",
        "files/13208/cd/three.jpg": b"three",
    }
    assert mirror.bring_up_to_date() == 0


def test_a_new_mirror_of_an_old_target_copies_nothing_twice_and_erases_what_went(
    source: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy"
    Mirror(source, target).bring_up_to_date()
    (source / "files/13208/ab/one.jpg").unlink()
    (source / "files/13208/ab").rmdir()
    assert Mirror(source, target).bring_up_to_date() == 1
    assert content(target) == {"secret.key": b"key"}
