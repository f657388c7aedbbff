"""PostgreSQL of a benchmark's own: clusters that can be killed, filled up, copied and promoted.

Every commit is on the disk (fsync on). As root everything runs as ``nobody``: PostgreSQL refuses
to run as root.
"""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONFIG = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 60
max_wal_size = '128MB'
min_wal_size = '48MB'
shared_buffers = '64MB'
wal_level = replica
max_wal_senders = 4
log_min_messages = fatal
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster in ``folder``, reached through the socket there."""

    folder: Path

    @property
    def data(self) -> Path:
        """Where its files are."""
        return self.folder / "data"

    @property
    def environment(self) -> dict[str, str]:
        """What ``madoguchi`` needs to use it."""
        return {
            "MADOGUCHI_DB": "postgres",
            "MADOGUCHI_PG_HOST": str(self.folder),
            "MADOGUCHI_PG_USER": "madoguchi",
            "MADOGUCHI_PG_NAME": "madoguchi",
            "MADOGUCHI_PG_PORT": "5432",
        }

    def make(self) -> None:
        """An empty cluster with the town's role and database, running."""
        self._own_folder()
        _run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
        self.configure(CONFIG.format(folder=self.folder))
        self.start()
        with self.connect("postgres", "postgres") as server:
            server.execute("CREATE ROLE madoguchi LOGIN CREATEDB")
            server.execute("CREATE DATABASE madoguchi OWNER madoguchi")

    def follow(self, primary: "Cluster", name: str) -> None:
        """Become a streaming copy of ``primary`` and start."""
        self._own_folder()
        to = f"host={primary.folder} port=5432 user=postgres application_name={name}"
        _run("pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast", "-d", to)
        self.configure(CONFIG.format(folder=self.folder) + "hot_standby = on\n")
        self.start()

    def configure(self, lines: str) -> None:
        """Add settings; they hold from the next start."""
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(lines)

    def start(self) -> bool:
        """Start and wait; whether it came up."""
        command = ("-D", self.data, "-l", self.folder / "log", "-w", "-t", "60", "start")
        return _run("pg_ctl", *command, check=False) == 0

    def promote(self) -> None:
        """Make a copy a primary; returns when it takes writes."""
        _run("pg_ctl", "-D", self.data, "-w", "promote")

    def stop(self) -> None:
        """End at once, as well as it goes."""
        _run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop", check=False)

    def kill(self) -> None:
        """kill -9 of the server and all its processes, as when the machine dies."""
        pid = self.pid()
        if pid:
            os.kill(pid, signal.SIGKILL)
            for child in _children(pid):
                _kill(child)

    def pid(self) -> int:
        """The server's process; 0 when it does not run."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return 0
        return pid

    def connect(self, user: str = "madoguchi", database: str = "madoguchi") -> Any:
        """A connection to it that commits each statement."""
        import psycopg

        return psycopg.connect(
            host=str(self.folder), port=5432, user=user, dbname=database, autocommit=True
        )

    def _own_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(self.folder, "nobody", "nogroup")
        self.folder.chmod(0o755)


def _run(program: str, *arguments: object, check: bool = True) -> int:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    command = [str(folders[-1] / program), *map(str, arguments)]
    if os.getuid() == 0:
        command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]
    done = subprocess.run(command, cwd="/", capture_output=True, check=False, text=True)
    if check and done.returncode:
        raise SystemExit(f"{program}: {done.stderr}")
    return done.returncode


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(stat[1]) == pid:
                found.append(int(entry.name))
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
