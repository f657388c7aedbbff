"""A real house for a benchmark: ``madoguchi init`` and ``serve`` on a folder made for it.

SQLite, or PostgreSQL when MADOGUCHI_DB=postgres (see scripts/test_postgres.sh).
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

SECRET, TOKEN = "secret-of-the-benchmark", "token-of-the-benchmark"
CLI = [sys.executable, "-m", "madoguchi.cli"]


@dataclass
class Server:
    """A running house and what is needed to measure it."""

    url: str
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    staff: httpx.Client = field(repr=False)

    def cpu_seconds(self) -> float:
        """User and system time of the server's processes so far."""
        ticks = os.sysconf("SC_CLK_TCK")
        pids = [self.process.pid, *_children(self.process.pid)]
        return sum(_ticks(pid) for pid in pids) / ticks

    def python(self, code: str) -> str:
        """Run a few lines inside the house's settings; what they print."""
        lines = "import django; django.setup()\n" + code
        return subprocess.run(
            [sys.executable, "-c", lines],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout


def note() -> str:
    """What to say beside a figure about how durable a commit was."""
    if os.environ.get("MADOGUCHI_DB") == "postgres":
        if os.environ.get("PG_FSYNC") == "on":
            return "PostgreSQL of scripts/test_postgres.sh: every commit is on the disk"
        return "PostgreSQL: fsync off, so commits cost less than in a town (PG_FSYNC=on to change)"
    return "SQLite: WAL, every commit is on the disk"


def _processes(database: str) -> list[str]:
    """One process on SQLite; on PostgreSQL one for each of the two cores."""
    return ["--workers", "2"] if database == "postgres" else []


def _children(pid: int) -> list[int]:
    task = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(child) for child in task.read_text().split()]
    return found + [deeper for child in found for deeper in _children(child)]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@contextlib.contextmanager
def running(line_host: str = "", *, prepare: str = "") -> Iterator[Server]:
    """Open 調布市; ``prepare`` is Python that runs before it serves (Django is set up)."""
    database = os.environ.get("MADOGUCHI_DB", "sqlite")
    with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder:
        port = _free_port()
        environment = os.environ | {
            "MADOGUCHI_DATA": folder,
            "BENCH_LINE_SECRET": SECRET,
            "BENCH_LINE_TOKEN": TOKEN,
            "DJANGO_SETTINGS_MODULE": "madoguchi.settings."
            + ("postgres" if database == "postgres" else "embedded"),
        }
        url = f"http://127.0.0.1:{port}"
        printed = subprocess.run(
            [*CLI, "init", "--town", "調布市", "--link", "--url", url],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        settings = {"secret_env": "BENCH_LINE_SECRET", "token_env": "BENCH_LINE_TOKEN"}
        settings |= {"host": line_host, "data_host": line_host} if line_host else {}
        server = Server(url, port, environment, None, httpx.Client(base_url=url))  # type: ignore[arg-type]
        server.python(
            "from madoguchi.kernel.towns.models import Town\n"
            f"t = Town.objects.get(); t.settings['line'] = {settings!r}; t.save()\n" + prepare
        )
        server.process = subprocess.Popen(
            [*CLI, "serve", "--port", str(port), *_processes(database)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(url)
            _sign_in(server.staff, re.search(r"http\S+/staff/enter/\S+", printed).group())  # type: ignore[union-attr]
            yield server
        finally:
            server.process.send_signal(signal.SIGTERM)
            server.process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/healthz", trust_env=False).status_code == 200:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def _sign_in(client: httpx.Client, link: str) -> None:
    page = client.get(link).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)  # type: ignore[union-attr]
    answer = client.post(link, data={"csrfmiddlewaretoken": token}, headers={"Referer": link})
    if answer.status_code != 302:
        raise SystemExit(f"signing in failed: {answer.status_code}")


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def as_json(text: str) -> dict[str, object]:
    """The last line of what a program printed."""
    found: dict[str, object] = json.loads(text.strip().splitlines()[-1])
    return found
