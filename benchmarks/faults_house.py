"""A town's house for ``faults.py``: served from a small disk, killed, and started again.

As root the disk is a file system of its own in a file (ext4, loop-mounted), so that it can be full;
else the process may write no file further (RLIMIT_FSIZE), which is as good for SQLite alone.
"""

import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from cluster import Cluster
from madoguchi.channels.demo.fake_line.reckoning import Answer, Stored
from server import CLI, SECRET, TOKEN, as_json

START_AGAIN_S = 1.0
LIVE = """
import json, django; django.setup()
from madoguchi.kernel.audit import api as audit
report = audit.verify()
print(json.dumps({"ok": report.ok, "sealed": report.sealed, "tail": report.unsealed_tail}))
"""


class House:
    """One town, its processes, and who starts them again when they die (as systemd would)."""

    def __init__(self, folder: Path, port: int, cluster: Cluster | None) -> None:
        self.data = folder / "data"
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.cluster = cluster
        self.starts = 0
        self.database_starts = 0
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def open(self, line_host: str, line_data_host: str) -> None:
        """Make the town, tell it where LINE is, and serve it; returns when it answers."""
        self._run(["init", "--town", "調布市"])
        settings = {"secret_env": "BENCH_LINE_SECRET", "token_env": "BENCH_LINE_TOKEN"}
        settings |= {"host": line_host, "data_host": line_data_host}
        self.python(
            "import django; django.setup()\n"
            "from madoguchi.kernel.towns.models import Town\n"
            f"t = Town.objects.get(); t.settings['line'] = {settings!r}; t.save()"
        )
        self._watcher.start()
        until = time.monotonic() + 300
        while not self.answers():
            if time.monotonic() > until:
                raise SystemExit("the town did not open")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether it can do its work."""
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200
        return False

    def kill(self, *, only_a_child: bool = False) -> None:
        """kill -9 of everything, or of one serving process below."""
        assert self._process is not None
        pid = self._process.pid
        if only_a_child:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            pid = int(children[0]) if children else pid
        os.kill(pid, signal.SIGKILL)

    @contextlib.contextmanager
    def full_disk(self) -> Iterator[None]:
        """Nothing can be written within."""
        if os.getuid() != 0:
            with self._no_file_grows():
                yield
            return
        over = threading.Event()
        filler = threading.Thread(target=_fill, args=(self._folder / "filler", over))
        filler.start()
        try:
            yield
        finally:
            over.set()
            filler.join()
            (self._folder / "filler").unlink(missing_ok=True)

    def waiting(self) -> tuple[int, int]:
        """Events that are not applied, deliveries that are not sent."""
        tables = ("inbound", "outbox")
        sql = "SELECT count(*) FROM town_messages_{} WHERE state = 'waiting'"
        inbound, outbox = (int(self.rows(sql.format(table))[0][0]) for table in tables)
        return inbound, outbox

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database, past our own code."""
        if self.cluster is None:
            path = self.data / "madoguchi.sqlite3"
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as file:
                return file.execute(sql).fetchall()
        with self.cluster.connect() as server:
            server.execute("SET madoguchi.town = '*'")
            found: list[tuple[Any, ...]] = server.execute(sql).fetchall()
            return found

    def stored(self) -> list[Stored]:
        """The ledger of what came in. An effect is a report, or an answer to a question of ours."""
        rows = self.rows(
            "SELECT i.external_id, i.sender, i.sent_at, i.received_at, i.done_at, i.state,"
            " (SELECT count(*) FROM disaster_report r WHERE r.inbound_id = i.id),"
            " i.kind = 'image'"
            " FROM town_messages_inbound i"
        )
        return [
            Stored(
                r[0],
                r[1],
                _at(r[2]),
                _at(r[3]),
                _at(r[4]) if r[4] else None,
                r[5],
                r[6],
                bool(r[7]),
            )
            for r in rows
        ]

    def answered(self) -> list[Answer]:
        """The ledger of what went out, in its order."""
        rows = self.rows("SELECT recipient, messages, state FROM town_messages_outbox ORDER BY id")
        return [Answer(to, _texts(messages), state) for to, messages, state in rows]

    def python(self, code: str) -> str:
        """Run a few lines in the town's settings; what they print."""
        import sys

        return self._call([sys.executable, "-c", code])

    def audit(self) -> dict[str, object]:
        """Whether the chain of the log holds."""
        return as_json(self.python(LIVE))

    def close(self) -> None:
        """SIGTERM, and nobody starts it again."""
        self._ending.set()
        if self._watcher.is_alive():
            self._watcher.join()
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=120)

    def _watch(self) -> None:
        while not self._ending.is_set():
            if self.cluster is not None and not self.cluster.pid():
                self.database_starts += self.cluster.start()
            if self._process is None or self._process.poll() is not None:
                if self.starts:
                    self._ending.wait(START_AGAIN_S)
                self._serve()
            self._ending.wait(0.1)

    def _serve(self) -> None:
        options = ["--workers", "2"] if self.cluster else []
        self._process = subprocess.Popen(
            [*CLI, "serve", "--port", str(self.port), *options],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=(self._folder.parent / "serve.log").open("ab"),
        )
        self.starts += 1

    @property
    def _environment(self) -> dict[str, str]:
        own = ("MADOGUCHI_", "DJANGO_")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(own)}
        database = self.cluster.environment if self.cluster else {"MADOGUCHI_DB": "sqlite"}
        kind = "postgres" if self.cluster else "embedded"
        return (
            environment
            | database
            | {
                "MADOGUCHI_DATA": str(self.data),
                "DJANGO_SETTINGS_MODULE": f"madoguchi.settings.{kind}",
                "BENCH_LINE_SECRET": SECRET,
                "BENCH_LINE_TOKEN": TOKEN,
            }
        )

    def _run(self, arguments: list[str]) -> str:
        return self._call([*CLI, *arguments])

    def _call(self, command: list[str]) -> str:
        done = subprocess.run(
            command, env=self._environment, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{command[-1][:60]}: {done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def _no_file_grows(self) -> Iterator[None]:
        assert self._process is not None
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
        for one in (pid, *map(int, children)):
            resource.prlimit(one, resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield
        finally:
            for one in (pid, *map(int, children)):
                with contextlib.suppress(ProcessLookupError):
                    resource.prlimit(one, resource.RLIMIT_FSIZE, (hard, hard))


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A folder on a file system of its own, where that can be had; else any folder."""
    inside = folder / "disk"
    inside.mkdir()
    if os.getuid() != 0:
        yield inside
        return
    image = folder / "disk.img"
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True)
    subprocess.run(["mount", "-o", "loop", str(image), str(inside)], check=True)
    try:
        inside.chmod(0o755)
        yield inside
    finally:
        subprocess.run(["umount", "-l", str(inside)], check=False)


def _fill(path: Path, over: threading.Event) -> None:
    """Take every block there is, and each that becomes free, until it is over."""
    block = b"\0" * (1 << 20)
    size = len(block)
    with path.open("wb", buffering=0) as file:
        while not over.is_set():
            try:
                file.write(block[:size])
            except OSError:
                size = max(size // 2, 512)
                over.wait(0.02)


def _at(value: object) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC).timestamp()


def _texts(messages: object) -> tuple[str, ...]:
    import json

    rows = json.loads(messages) if isinstance(messages, str) else messages
    assert isinstance(rows, list)
    return tuple(str(message["text"]).strip() for message in rows)


def free_mb(folder: Path) -> int:
    """Free megabytes where ``folder`` is."""
    return shutil.disk_usage(folder).free >> 20
