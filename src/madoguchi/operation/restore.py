"""Put a backup in place of the data folder: unpacked and checked beside it, then swapped in."""

import ctypes
import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing, nullcontext
from pathlib import Path

from madoguchi.operation import archive, house, update_journal
from madoguchi.operation.archive import Broken, Manifest
from madoguchi.operation.outcome import Failure

AT_FDCWD = -100
RENAME_EXCHANGE = 2


def put_back(source: Path, data: Path, *, replace: bool) -> Path | None:
    """Restore ``source`` as the folder ``data``; returns where the data before was kept, if any.

    Raises ``Failure`` with everything as it was: when there is data and not ``replace``, when a
    server runs on it, when the archive is not whole or not ours.
    """
    occupied = (data / house.SECRET).exists() or (data / archive.DATABASES["sqlite"]).exists()
    if occupied and not replace:
        raise Failure(
            f"{data} にはすでにデータがあります。\n"
            "置きかえるときは --force を付けてください。今のデータは別の名前で残ります。"
        )
    data.parent.mkdir(parents=True, exist_ok=True)
    with house.hold(data, alone=True) if data.is_dir() else nullcontext():
        fresh = Path(tempfile.mkdtemp(dir=data.parent, prefix=f".{data.name}-restore-"))
        try:
            manifest = archive.unpack(source, fresh)
            _check(fresh, manifest)
            if manifest.database == "postgres":
                _load_postgres(fresh)
            aside = _swap(fresh, data)
            update_journal.clear(data)  # what a failed update left is no more
            return aside
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise


def _check(fresh: Path, manifest: Manifest) -> None:
    """The parts fit together and belong to the database in use."""
    used = "postgres" if house.on_postgres() else "sqlite"
    if manifest.database != used:
        raise Failure(
            f"このバックアップは {manifest.database} のものです。今の設定は {used} です。\n"
            "環境変数 MADOGUCHI_DB を合わせてください。"
        )
    database = fresh / archive.DATABASES[manifest.database]
    if not database.is_file():
        raise Broken("データベースが入っていません。")
    if not (fresh / house.SECRET).is_file() and not os.environ.get("MADOGUCHI_SECRET_KEY"):
        raise Broken("秘密の鍵が入っていません。環境変数 MADOGUCHI_SECRET_KEY を設定してください。")
    if used == "sqlite":
        _check_sqlite(database)


def _check_sqlite(database: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise Broken("データベースを読めません。") from error
    if answer != "ok":
        raise Broken("データベースが壊れています。")


def _load_postgres(fresh: Path) -> None:
    """Replace the tables in one transaction: all of them or none."""
    house.enter(fresh)
    from madoguchi.operation import backup

    dump = fresh / archive.DATABASES["postgres"]
    backup.load_postgres(dump)
    dump.unlink()


def _swap(fresh: Path, data: Path) -> Path | None:
    """Make ``fresh`` the data folder; what was there before gets a name of its own."""
    if not data.exists():
        fresh.rename(data)
        _sync(data.parent)
        return None
    exchange(fresh, data)
    aside = data.with_name(f"{data.name}-before-{fresh.name.rpartition('-')[2]}")
    fresh.rename(aside)
    _sync(data.parent)
    return aside


def exchange(one: Path, other: Path) -> None:
    """Let two folders change names in one step where the system can, else in three."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        paths = (os.fsencode(one), os.fsencode(other))
        if libc.renameat2(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE) == 0:
            return
    between = other.with_name(f"{one.name}-old")
    other.rename(between)
    one.rename(other)
    between.rename(one)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
