"""Make a backup of the running house: the database as of one moment, then the files beside it.

Files are written before their rows and are never changed, so a database of an earlier moment finds
every file it names.
"""

import errno
import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from madoguchi.kernel.clock import api as clock
from madoguchi.operation import archive
from madoguchi.operation.archive import Manifest, measure
from madoguchi.operation.house import LOCK
from madoguchi.operation.outcome import Failure
from madoguchi.web import noted

LITESTREAM = f".{archive.DATABASES['sqlite']}-litestream"
"""Where litestream keeps what it has still to send."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    files: int
    size_bytes: int


def make(data: Path, target: Path) -> Made:
    """Write the archive of everything stored to ``target``, which must not exist yet.

    It appears under its name only when it is whole and on the disk.
    """
    if target.exists():
        raise Failure(f"{target} はすでにあります。別の名前にしてください。")
    if not target.parent.is_dir():
        raise Failure(f"フォルダー {target.parent} がありません。")
    if target.resolve().is_relative_to(data):
        raise Failure(
            f"{data} の中には作れません。別の場所、できれば別の機械の上を指定してください。"
        )
    kind = "sqlite" if on_sqlite() else "postgres"
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".madoguchi-") as made:
        folder = Path(made) / "data"
        folder.mkdir()
        database = folder / archive.DATABASES[kind]
        if kind == "sqlite":
            copy_sqlite(Path(str(settings.DATABASES["default"]["NAME"])), database)
        else:
            dump_postgres(database)
        keep_files(data, folder)
        names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        entries = tuple(measure(name, folder / name) for name in names)
        part = Path(made) / "archive"
        with part.open("xb") as file:
            part.chmod(0o600)
            manifest = Manifest(version("madoguchi"), clock.now().isoformat(), kind, entries)
            archive.write(file, manifest, folder)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, target)
    sync_folder(target.parent)
    noted.note(data, noted.Backup(clock.now().isoformat(), target.stat().st_size))
    return Made(len(entries), target.stat().st_size)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database while others write to it; the copy is of one moment."""
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=30)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    target.chmod(0o600)


def dump_postgres(target: Path) -> None:
    """Dump the PostgreSQL database with ``pg_dump`` in its custom format."""
    command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges"]
    command += ["--enable-row-security", f"--file={target}"]
    run_postgres([*command, *postgres_database()])


def load_postgres(dump: Path) -> None:
    """Replace everything in the database by a dump, in one transaction: all of it or nothing.

    Tables that the dump does not know (of a newer program) go as well.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "dump.sql"
        command = ["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump)]
        run_postgres(command)
        empty = Path(folder) / "empty.sql"
        empty.write_text(_EMPTY, encoding="utf-8")
        command = ["psql", "--no-psqlrc", "--quiet", "--single-transaction"]
        command += ["--set=ON_ERROR_STOP=1", f"--file={empty}", f"--file={script}"]
        run_postgres([*command, *postgres_database()])


_EMPTY = """
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT oid::regclass::text FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
    LOOP
        EXECUTE 'DROP TABLE ' || name || ' CASCADE';
    END LOOP;
    FOR name IN SELECT oid::regprocedure::text FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace
        AND pg_get_userbyid(proowner) = current_user
    LOOP
        EXECUTE 'DROP FUNCTION ' || name || ' CASCADE';
    END LOOP;
END $$;
"""


def postgres_database() -> list[str]:
    """The arguments that name the database to PostgreSQL's tools."""
    database = settings.DATABASES["default"]
    found = [f"--dbname={database['NAME']}", f"--username={database['USER']}", "--no-password"]
    for option, key in (("--host", "HOST"), ("--port", "PORT")):
        if database[key]:
            found.append(f"{option}={database[key]}")
    return found


def run_postgres(command: list[str]) -> None:
    """Run a tool of PostgreSQL as the town's own role, seeing every town."""
    environment = os.environ | {
        "PGPASSWORD": str(settings.DATABASES["default"]["PASSWORD"]),
        "PGOPTIONS": "-c madoguchi.town=*",
        "PGCLIENTENCODING": "UTF8",
    }
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603
    except FileNotFoundError as error:
        raise Failure(f"{command[0]} がありません。postgresql-client を入れてください。") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()[-500:]
        raise Failure(f"{command[0]} が失敗しました：{said}") from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def on_sqlite() -> bool:
    """Whether the rows are in a SQLite file."""
    return "sqlite" in str(settings.DATABASES["default"]["ENGINE"])


def keep_files(data: Path, folder: Path) -> None:
    """Hold on to every file as it is now, by a link where the disk is the same.

    A file that is erased meanwhile is left out.
    """
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data)
        if path.is_symlink() or not path.is_file() or left_out(name):
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            try:
                os.link(path, folder / name)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                shutil.copyfile(path, folder / name)


def left_out(name: Path) -> bool:
    """What is no file to keep: the database (copied on its own), what is half written, the demo,
    and what the standby needs on this machine alone."""
    database = name.name.startswith(archive.DATABASES["sqlite"])
    return (
        database
        or name.name.endswith(".part")
        or name.parts[0] in ("demo", "standby", LITESTREAM)
        or name == Path(LOCK)
    )
