"""How much is lost with the machine: kill -9 at random moments, take the copy, look at its end.

    nice python benchmarks/standby.py [--kills 10]                       (SQLite, litestream)
    nice python benchmarks/standby.py --database postgres [--kills 10]   (streaming replication)

A process stores events at 17/s as the webhook does (``inbox.receive``, durable) and notes each when
it is stored. Then all of the first machine is killed, ``madoguchi standby run`` and litestream too,
and the copy is opened: litestream's is restored, PostgreSQL's is promoted. Printed: the age of the
newest event in the copy at the moment of the kill, and how many stored events it has not got.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from cluster import Cluster
from madoguchi.operation.standby_places import BEAT, LOG, litestream
from server import CLI, percentile

GOAL_S = 10.0
LONGEST_S = 12.0
NEWEST = "SELECT external_id FROM town_messages_inbound ORDER BY id DESC LIMIT 1"
WRITE = """
import sys, time, django; django.setup()
from datetime import UTC, datetime
from madoguchi.kernel.messages import inbox
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
due, number = time.monotonic(), 0
with current.use(Town.objects.get().pk), open(sys.argv[1], "w", buffering=1) as told:
    while True:
        number, due = number + 1, due + 1 / 17
        time.sleep(max(0.0, due - time.monotonic()))
        event = Incoming(f"e{number}", EventKind.TEXT, f"U{number % 300}", datetime.now(UTC),
                         text="道路が冠水しています")
        inbox.receive("line", [event])
        told.write(f"{number} {time.time()}\\n")
"""


@dataclass(frozen=True, slots=True)
class Loss:
    """One kill: age of the newest event in the copy (s), stored events that it has not got."""

    age_s: float
    events: int


def main() -> int:
    """Kill, restore, print; exit 1 when more than the goal was lost."""
    options = argparse.ArgumentParser()
    options.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options.add_argument("--kills", type=int, default=10)
    given = options.parse_args()
    dice = random.Random(11)
    once = _once_sqlite if given.database == "sqlite" else _once_postgres
    losses = []
    for number in range(given.kills):
        with tempfile.TemporaryDirectory(prefix="madoguchi-standby-") as name:
            Path(name).chmod(0o755)
            loss = once(Path(name), dice.uniform(3.0, LONGEST_S))
        losses.append(loss)
        print(f"kill {number + 1}: newest in the copy {loss.age_s:.2f} s old", end="")
        print(f", {loss.events} events lost, load {os.getloadavg()[0]:.1f}", flush=True)
    ages = [loss.age_s for loss in losses]
    print(f"{given.database}, {given.kills} kills: p50 {percentile(ages, 0.5):.2f} s", end="")
    print(f", worst {max(ages):.2f} s (goal {GOAL_S:.0f} s)", end="")
    print(f", events lost p50 {percentile([float(x.events) for x in losses], 0.5):.0f}", end="")
    print(f", worst {max(x.events for x in losses)}")
    return 0 if max(ages) <= GOAL_S else 1


def _once_sqlite(folder: Path, after_s: float) -> Loss:
    data, copy = folder / "data", folder / "copy"
    copy.mkdir()
    environment = _environment(data, None)
    _init(environment)
    shipping = subprocess.Popen(
        [*CLI, "standby", "run", "--to", str(copy)], env=environment, start_new_session=True
    )
    _wait_for(copy / BEAT)
    writer = _writer(environment, folder / "told")
    time.sleep(after_s)
    killed = time.time()
    writer.kill()
    os.killpg(shipping.pid, signal.SIGKILL)
    writer.wait()
    shipping.wait()
    restored = folder / "restored.sqlite3"
    subprocess.run(
        [litestream(), "restore", "-o", str(restored), f"file://{copy / LOG}"],
        check=True,
        capture_output=True,
    )
    import sqlite3

    with sqlite3.connect(restored) as file:
        newest = file.execute(NEWEST).fetchone()
    return _loss(folder / "told", newest, killed)


def _once_postgres(folder: Path, after_s: float) -> Loss:
    first, second = Cluster(folder / "first"), Cluster(folder / "second")
    try:
        first.make()
        environment = _environment(folder / "data", first)
        _init(environment)
        second.follow(first, "standby")
        writer = _writer(environment, folder / "told")
        time.sleep(after_s)
        killed = time.time()
        first.kill()
        writer.kill()
        writer.wait()
        second.promote()
        with second.connect() as server:
            server.execute("SET madoguchi.town = '*'")
            newest = server.execute(NEWEST).fetchone()
        return _loss(folder / "told", newest, killed)
    finally:
        first.stop()
        second.stop()


def _loss(told: Path, newest: tuple[str] | None, killed: float) -> Loss:
    lines = [line.split() for line in told.read_text().splitlines()]
    stored = {int(number): float(at) for number, at in lines if float(at) <= killed}
    last = int(newest[0][1:]) if newest else 0
    begun = min(stored.values())
    age = killed - stored.get(last, killed if last else begun)
    return Loss(age, sum(number > last for number in stored))


def _environment(data: Path, cluster: Cluster | None) -> dict[str, str]:
    own = ("MADOGUCHI_", "DJANGO_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(own)}
    database = cluster.environment if cluster else {"MADOGUCHI_DB": "sqlite"}
    kind = "postgres" if cluster else "embedded"
    return (
        environment
        | database
        | {
            "MADOGUCHI_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": f"madoguchi.settings.{kind}",
        }
    )


def _init(environment: dict[str, str]) -> None:
    command = [*CLI, "init", "--town", "調布市"]
    subprocess.run(command, env=environment, check=True, capture_output=True)


def _writer(environment: dict[str, str], told: Path) -> "subprocess.Popen[bytes]":
    """Begin to store events; returns when the first one is stored."""
    command = [sys.executable, "-c", WRITE, str(told)]
    writer = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not (told.exists() and told.stat().st_size):
        if time.monotonic() > until:
            raise SystemExit("nothing was stored")
        time.sleep(0.05)
    return writer


def _wait_for(path: Path) -> None:
    until = time.monotonic() + 180
    while not path.exists():
        if time.monotonic() > until:
            raise SystemExit("nothing was shipped")
        time.sleep(0.1)
    json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    raise SystemExit(main())
