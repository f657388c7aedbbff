"""A restore swaps in a whole house or leaves the old one alone."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from madoguchi.operation import archive, backup, house, restore
from madoguchi.operation.archive import Manifest, measure
from madoguchi.operation.outcome import Failure

Archive = Callable[..., Path]


@pytest.fixture(autouse=True)
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MADOGUCHI_DB", "MADOGUCHI_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def packed(tmp_path: Path) -> Archive:
    """Makes an archive of a house; ``change`` may spoil the folder before it is packed."""

    def pack(change: Callable[[Path], object] = lambda _: None, kind: str = "sqlite") -> Path:
        folder = tmp_path / "packed"
        make_house(folder, "new")
        change(folder)
        names = sorted(p.name for p in folder.iterdir())
        entries = tuple(measure(name, folder / name) for name in names)
        target = tmp_path / "backup.tar.gz"
        with target.open("wb") as file:
            archive.write(file, Manifest("0.1.0", "2026-07-01", kind, entries), folder)
        return target

    return pack


def make_house(folder: Path, word: str) -> Path:
    """A data folder whose database holds ``word``."""
    folder.mkdir()
    (folder / house.SECRET).write_text(word, encoding="ascii")
    with closing(sqlite3.connect(folder / "madoguchi.sqlite3")) as database:
        database.execute("CREATE TABLE t (word)")
        database.execute("INSERT INTO t VALUES (?)", (word,))
        database.commit()
    return folder


def word_in(folder: Path) -> str:
    """What ``make_house`` wrote."""
    with closing(sqlite3.connect(folder / "madoguchi.sqlite3")) as database:
        return str(database.execute("SELECT word FROM t").fetchone()[0])


def untouched(tmp_path: Path, data: Path) -> bool:
    """The old house stands alone, as it was."""
    others = {p.name for p in tmp_path.iterdir()} - {"packed", "backup.tar.gz", data.name}
    return word_in(data) == "old" and not others


def test_into_an_empty_place(packed: Archive, tmp_path: Path) -> None:
    data = tmp_path / "somewhere" / "data"
    assert restore.put_back(packed(), data, replace=False) is None
    assert word_in(data) == "new"
    assert data.stat().st_mode & 0o777 == 0o700


def test_data_is_replaced_only_when_asked(packed: Archive, tmp_path: Path) -> None:
    data = make_house(tmp_path / "data", "old")
    source = packed()
    with pytest.raises(Failure, match="--force"):
        restore.put_back(source, data, replace=False)
    assert untouched(tmp_path, data)

    aside = restore.put_back(source, data, replace=True)
    assert word_in(data) == "new"
    assert aside is not None
    assert word_in(aside) == "old"


def test_three_renames_where_the_system_cannot_exchange(
    packed: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore.sys, "platform", "another")
    data = make_house(tmp_path / "data", "old")
    aside = restore.put_back(packed(), data, replace=True)
    assert aside is not None
    assert (word_in(data), word_in(aside)) == ("new", "old")


def spoil(folder: Path) -> None:
    """Break pages in the middle of the database."""
    path = folder / "madoguchi.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096:4200] = b"\xff" * 104
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (spoil, "データベース"),
        (lambda f: (f / "madoguchi.sqlite3").write_bytes(b"not a database"), "データベース"),
        (lambda f: (f / "madoguchi.sqlite3").unlink(), "データベースが入っていません"),
        (lambda f: (f / house.SECRET).unlink(), "秘密の鍵"),
    ],
)
def test_a_broken_house_is_not_let_in(
    packed: Archive, tmp_path: Path, change: Callable[[Path], object], says: str
) -> None:
    data = make_house(tmp_path / "data", "old")
    with pytest.raises(Failure, match=says):
        restore.put_back(packed(change), data, replace=True)
    assert untouched(tmp_path, data)


def test_a_cut_archive_is_not_let_in(packed: Archive, tmp_path: Path) -> None:
    data = make_house(tmp_path / "data", "old")
    source = packed()
    source.write_bytes(source.read_bytes()[:-200])
    with pytest.raises(Failure, match="今のデータはそのまま"):
        restore.put_back(source, data, replace=True)
    assert untouched(tmp_path, data)


def test_a_house_of_the_other_database_is_not_let_in(packed: Archive, tmp_path: Path) -> None:
    data = make_house(tmp_path / "data", "old")
    with pytest.raises(Failure, match="MADOGUCHI_DB"):
        restore.put_back(packed(kind="postgres"), data, replace=True)
    assert untouched(tmp_path, data)


def test_not_under_a_running_server(packed: Archive, tmp_path: Path) -> None:
    data = make_house(tmp_path / "data", "old")
    source = packed()
    with house.hold(data, alone=False), pytest.raises(Failure, match="すでに開いています"):
        restore.put_back(source, data, replace=True)
    assert word_in(data) == "old"


def test_a_failed_swap_leaves_the_old_house(
    packed: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    data = make_house(tmp_path / "data", "old")
    source = packed()
    monkeypatch.setattr(restore, "exchange", full)
    with pytest.raises(OSError, match="No space"):
        restore.put_back(source, data, replace=True)
    assert word_in(data) == "old"
    assert not list(tmp_path.glob(".data-restore-*"))


def test_a_copy_of_sqlite_is_of_one_moment(tmp_path: Path) -> None:
    source, target = tmp_path / "live.sqlite3", tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(source, isolation_level=None)) as live:
        live.execute("PRAGMA journal_mode = WAL")
        live.execute("CREATE TABLE a (n)")
        live.execute("CREATE TABLE b (n)")
        for number in range(200):
            live.execute("BEGIN IMMEDIATE")
            live.execute("INSERT INTO a VALUES (?)", (number,))
            live.execute("INSERT INTO b VALUES (?)", (number,))
            live.execute("COMMIT")
        live.execute("BEGIN IMMEDIATE")
        live.execute("INSERT INTO a VALUES (200)")  # a writer in the middle of its work
        backup.copy_sqlite(source, target)
        live.execute("ROLLBACK")
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT count(*) FROM a").fetchone() == (200,)
        assert copy.execute("SELECT count(*) FROM b").fetchone() == (200,)
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert target.stat().st_mode & 0o777 == 0o600
