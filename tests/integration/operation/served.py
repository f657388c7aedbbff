"""A town that is really served: processes of its own, on a copy of the test database."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.db import connection

from madoguchi.channels.demo.fake_line.server import FakeLine

SECRET, TOKEN = "secret-of-the-tests", "token-of-the-tests"
START_S = 90
END_S = 5
POSTGRES = settings.DATABASES["default"]["ENGINE"].endswith("postgres")


def until(condition: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait for a condition; the test fails where it does not come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """調布市 with a LINE account at the stand-in ``line``; ``start`` as often as wanted."""

    data: Path
    database: str
    line: FakeLine
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    host: str = ""
    """Another PostgreSQL than that of the tests."""

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MADOGUCHI_DB")}
        made = inherited | {
            "MADOGUCHI_DB": "postgres" if POSTGRES else "sqlite",
            "MADOGUCHI_PG_NAME": self.database,
            "MADOGUCHI_DATA": str(self.data),
            "MADOGUCHI_SECRET_KEY": "only-for-tests-" + "0" * 40,
            "MADOGUCHI_LINE_HOST": self.line.host,
            "MADOGUCHI_LINE_DATA_HOST": self.line.data_host,
            "TEST_LINE_SECRET": SECRET,
            "TEST_LINE_TOKEN": TOKEN,
        }
        if self.host:
            made["MADOGUCHI_PG_HOST"] = self.host
        made.pop("DJANGO_SETTINGS_MODULE", None)
        return made

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database, past our own code; PostgreSQL shows every town."""
        if not POSTGRES:
            with closing(sqlite3.connect(self.data / "madoguchi.sqlite3", timeout=30)) as file:
                return file.execute(sql).fetchall()
        with closing(_postgres(self.database, self.host)) as server:
            server.execute("SET madoguchi.town = '*'")
            return server.execute(sql).fetchall()

    def number(self, sql: str) -> int:
        """The one number that a question has for an answer."""
        return int(self.rows(sql)[0][0])

    def change(self, sql: str) -> None:
        """Change something on PostgreSQL, past our own code."""
        with closing(_postgres(self.database)) as server:
            server.execute(sql)

    def start(self, *options: str) -> None:
        """``madoguchi serve`` with options; returns when it answers, or works."""
        command = [sys.executable, "-m", "madoguchi.cli", "serve", "--port", str(self.port)]
        with (self.data / "serve.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, "--threads", "4", *options],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        if "worker" not in options:
            until(lambda: self.answers(process), START_S)

    def answers(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether the pages can be had; a server that ended by itself fails the test."""
        assert process.poll() is None, (self.data / "serve.log").read_text("utf-8")
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def living(self) -> list[int]:
        """Every process that was started for this data folder, whoever its parent is now."""
        mark = f"MADOGUCHI_DATA={self.data}\0".encode()
        return [pid for pid in _processes() if mark in _environment(pid) and pid != os.getpid()]

    def kill(self) -> None:
        """kill -9 of what was started; its children die with it."""
        for process in self.processes:
            process.kill()
            process.wait()
        self.processes.clear()
        until(lambda: not self.living(), END_S)

    def stop(self) -> None:
        """SIGTERM: it ends well, with all its processes, within 5 s."""
        begun = time.monotonic()
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            assert process.wait(timeout=END_S) == 0
        self.processes.clear()
        until(lambda: not self.living(), max(0.1, END_S - (time.monotonic() - begun)))


def furnish(data: Path) -> str:
    """Copy the empty test database; returns the name of the copy. The town is written into it."""
    data.mkdir(mode=0o700)
    source = str(connection.settings_dict["NAME"])
    town = (
        "INSERT INTO towns_town (code, name, hostname, contact_phone, emergency_phone, settings,"
        " services, created_at) VALUES ('13208', '調布市', '', '', '119',"
        ' \'{"line": {"secret_env": "TEST_LINE_SECRET", "token_env": "TEST_LINE_TOKEN"}}\','
        " '[\"disaster\"]', '2026-07-01 00:00:00+00:00')"
    )
    if not POSTGRES:
        with (
            closing(sqlite3.connect(source)) as full,
            closing(sqlite3.connect(data / "madoguchi.sqlite3")) as copy,
        ):
            full.backup(copy)
            copy.execute(town)
            copy.commit()
        return ""
    name = f"served_{os.getpid()}"
    connection.close()  # a database with visitors cannot be copied
    with closing(_postgres("postgres")) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    with closing(_postgres(name)) as server:
        server.execute(town)
    return name


def clear(database: str) -> None:
    """Take the copy away."""
    if database:
        with closing(_postgres("postgres")) as server:
            server.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def _postgres(database: str, host: str = ""):  # type: ignore[no-untyped-def]
    import psycopg

    to = settings.DATABASES["default"]
    return psycopg.connect(
        dbname=database, user=to["USER"], host=host or to["HOST"], port=to["PORT"], autocommit=True
    )


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _environment(pid: int) -> bytes:
    """What a process was started with; b"" for one that is gone, a zombie or somebody else's."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
