"""What an update keeps to be able to go back: the database as it was, and every file by a link.

It stands in a folder beside the data. Files are never changed once they are written (see
``backup``), so a second name for each is enough and costs neither room nor time. Needs Django.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from madoguchi.operation import archive, backup, house
from madoguchi.operation.outcome import Failure

MARGIN_B = 200_000_000


def folder(data: Path) -> Path:
    """Where it is kept."""
    return data.with_name(f"{data.name}.before-update")


def room_needed(data: Path) -> int:
    """Bytes that an update takes at most: a copy of the database, and the same to rebuild it."""
    if backup.on_sqlite():
        files = data.glob(f"{archive.DATABASES['sqlite']}*")
        size = sum(path.stat().st_size for path in files)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            size = int(cursor.fetchone()[0])
    return 3 * size + MARGIN_B


def free(data: Path) -> int:
    """Bytes left where it is kept."""
    return shutil.disk_usage(data.parent).free


def refuse_without_room(data: Path, more: int = 0) -> None:
    """Raise ``Failure`` when the disk may fill up on the way."""
    there, needed = free(data), room_needed(data) + more
    if there < needed:
        raise Failure(
            f"ディスクの空きが足りません（要るのは {needed / 1e6:,.0f} MB、空きは"
            f" {there / 1e6:,.0f} MB）。まだ何も変えていません。\n"
            f"{data.parent} のあるディスクを空けてから、もう一度実行してください。"
        )


def save(data: Path) -> None:
    """Keep everything as it is now; what was kept before goes."""
    forget(data)
    target = folder(data)
    target.mkdir(mode=house.PRIVATE_FOLDER)
    database = _database(target)
    if backup.on_sqlite():
        backup.copy_sqlite(_live(), database)
        _refuse_broken(database)
    else:
        backup.dump_postgres(database)
    with database.open("rb") as file:
        os.fsync(file.fileno())
    backup.keep_files(data, target)
    backup.sync_folder(target)
    backup.sync_folder(target.parent)


def put_back(data: Path) -> None:
    """Make everything as it was when it was saved; done again after a kill, it ends the same."""
    kept = folder(data)
    connections.close_all()
    if backup.on_sqlite():
        _put_back_sqlite(_database(kept))
    else:
        backup.load_postgres(_database(kept))
    wanted = _files(kept)
    for name in _files(data) - wanted:
        (data / name).unlink()
    for name in wanted:
        if not _same(kept / name, data / name):
            (data / name).parent.mkdir(parents=True, exist_ok=True)
            (data / name).unlink(missing_ok=True)
            _link(kept / name, data / name)
    backup.sync_folder(data)


def forget(data: Path) -> None:
    """Throw away what was kept."""
    shutil.rmtree(folder(data), ignore_errors=True)


def _live() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


def _database(kept: Path) -> Path:
    return kept / archive.DATABASES["sqlite" if backup.on_sqlite() else "postgres"]


def _put_back_sqlite(kept: Path) -> None:
    live = _live()
    part = live.with_name(f"{live.name}.part")
    shutil.copyfile(kept, part)
    part.chmod(house.PRIVATE_FILE)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    for beside in ("-wal", "-shm"):  # they belong to what is thrown away
        live.with_name(live.name + beside).unlink(missing_ok=True)
    part.replace(live)


def _refuse_broken(database: Path) -> None:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as copy:
        answer = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if answer != "ok":
        raise Failure(
            "データベースのファイルが壊れているため、更新を始めません。まだ何も変えていません。\n"
            "最新のバックアップを「madoguchi restore」で戻してから、もう一度実行してください。"
        )


def _files(below: Path) -> set[Path]:
    found = (path.relative_to(below) for path in below.rglob("*") if path.is_file())
    return {
        name for name in found if not backup.left_out(name) and name != Path("madoguchi.pgdump")
    }


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.samefile(other)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        target.chmod(house.PRIVATE_FILE)
