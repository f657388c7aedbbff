"""A second PostgreSQL that follows the one of the tests (scripts/test_postgres.sh) by streaming."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

SLOT = "standby_of_the_tests"


class PostgresCopy:
    """A hot standby, reached through the socket in ``folder``."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="madoguchi-copy-"))
        self._first = Path(os.environ["MADOGUCHI_PG_HOST"])
        self._role = os.environ["MADOGUCHI_PG_USER"]

    def follow(self) -> None:
        """Copy the first server and stream from it."""
        if os.getuid() == 0:
            shutil.chown(self.folder, "nobody", "nogroup")
        self.folder.chmod(0o755)
        to = f"host={self._first} port=5432 user=postgres"
        copy = ("-D", self._data, "-R", "-X", "stream", "-c", "fast", "-C", "-S", SLOT, "-d", to)
        _run("pg_basebackup", *copy)
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(f"\nunix_socket_directories = '{self.folder}'\nlisten_addresses = ''\n")
        options = f"-c unix_socket_directories='{self.folder}' -c listen_addresses=''"
        log = self.folder / "log"
        _run("pg_ctl", "-D", self._data, "-l", log, "-o", options, "-w", "start")
        self.allow_promotion()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def allow_promotion(self) -> None:
        """What the administrator grants to the town's role beforehand."""
        self._on_first(f"GRANT EXECUTE ON FUNCTION pg_promote TO {self._role}", "served")

    def caught_up(self) -> bool:
        """Whether it has everything."""
        (row,) = self._on_first(
            "SELECT coalesce(bool_and(replay_lsn >= pg_current_wal_lsn()), false)"
            " FROM pg_stat_replication"
        )
        return bool(row[0])

    def cut_off(self) -> None:
        """The line to the first server breaks, for good."""
        with closing(_connect(self.folder, "postgres")) as server:
            server.execute("ALTER SYSTEM SET primary_conninfo = ''")
            server.execute("SELECT pg_reload_conf()")
        _until(lambda: not self._on_first("SELECT 1 FROM pg_stat_replication"))

    @contextmanager
    def may_monitor(self) -> Iterator[None]:
        """The town's role may look at the replication."""
        self._on_first(f"GRANT pg_monitor TO {self._role}")
        yield
        self._on_first(f"REVOKE pg_monitor FROM {self._role}")

    def stop(self) -> None:
        """End it; the first server forgets it at ``forget``."""
        if (self._data / "postmaster.pid").exists():
            _run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def remove(self) -> None:
        """Leave nothing behind, on the first server neither."""
        self.stop()
        found = f"SELECT slot_name FROM pg_replication_slots WHERE slot_name = '{SLOT}'"
        if self._on_first(found):
            _until(lambda: not self._on_first(f"{found} AND active"))
            self._on_first(f"SELECT pg_drop_replication_slot('{SLOT}')")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _on_first(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        if database == "served":
            database = _served_database(self._first)
        with closing(_connect(self._first, database)) as server:
            cursor = server.execute(sql)
            return cursor.fetchall() if cursor.description else []


def _served_database(first: Path) -> str:
    with closing(_connect(first, "postgres")) as server:
        name = f"served_{os.getpid()}"
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        assert found.fetchone()
    return name


def _connect(host: Path, database: str) -> Any:
    import psycopg

    return psycopg.connect(
        host=str(host), port=5432, user="postgres", dbname=database, autocommit=True
    )


def _run(program: str, *arguments: object) -> None:
    folder = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    command = [str(folder / program), *map(str, arguments)]
    if os.getuid() == 0:
        command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]
    subprocess.run(
        command, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _until(condition: Any) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
