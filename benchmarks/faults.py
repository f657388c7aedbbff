"""Every fault at once, and both ledgers compared: nothing lost, nothing twice, in order.

    nice python benchmarks/faults.py --minutes 10 --line-down 20 [--json OUT.json]
    nice python benchmarks/faults.py --database postgres --minutes 10 --line-down 20
    nice python benchmarks/faults.py --minutes 0.5 --events 500 --line-down 0.3   (a small one)

A real ``madoguchi serve`` on a disk of its own, LINE's strict stand-in in another process. People
write in open loop; 20 % of their events come twice, 5 % after a later one. kill -9 three times,
the disk full once, LINE's API down for a while (503, closed, silent in turn). LINE delivers again
what got no 200. At the end LINE's ledger (events we took, messages it accepted) is compared with
ours. PostgreSQL here is a cluster of the benchmark's own, with fsync on, that is started again
when a full disk has ended it, as systemd would with ``Restart=on-failure``.
"""

import argparse
import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from cluster import Cluster
from faults_house import House, small_disk
from faults_line import Line, Story
from madoguchi.channels.demo.fake_line.crowd import plan
from madoguchi.channels.demo.fake_line.reckoning import late_events, reckon
from madoguchi.kernel.towns import pack
from server import SECRET, TOKEN, percentile
from webhook import TOLD

USERS = 300
DISK_MB = 900
DRAIN_S = 1800.0
KILLS_AT = (0.15, 0.5, 0.85)
LINE_DOWN_AT = 0.3
FULL_AT = 0.65


@dataclass
class Run:
    """What happened when, in seconds from the start."""

    begun: float = field(default_factory=time.monotonic)
    kills: list[float] = field(default_factory=list)
    back_after: list[float] = field(default_factory=list)
    full: tuple[float, float] = (0.0, 0.0)
    back_after_full: float = 0.0
    line_down: tuple[float, float] = (0.0, 0.0)
    drained: float = 0.0
    loads: list[float] = field(default_factory=list)

    def now(self) -> float:
        """Seconds since the start."""
        return round(time.monotonic() - self.begun, 1)


def main() -> int:
    """Run once, print, exit 1 when anything was lost or doubled."""
    given = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the small disk is unmounted
    with tempfile.TemporaryDirectory(prefix="madoguchi-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with small_disk(folder, DISK_MB) as disk:
            cluster = Cluster(disk / "pg") if given.database == "postgres" else None
            if cluster:
                cluster.make()
            try:
                return _measure(given, disk, cluster)
            finally:
                if cluster:
                    cluster.stop()


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser()
    options.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--events", type=int, default=10_000)
    options.add_argument("--line-down", type=float, default=20, help="minutes")
    options.add_argument("--full-disk", type=float, default=30, help="seconds")
    options.add_argument("--json", type=Path)
    return options.parse_args()


def _measure(given: argparse.Namespace, disk: Path, cluster: Cluster | None) -> int:
    port = _free_port()
    line = Line(f"http://127.0.0.1:{port}/channels/line/webhook", SECRET, TOKEN, USERS)
    house = House(disk, port, cluster)
    try:
        house.open(line.host, line.data_host)
        run = Run()
        blocks = pack.load("13208").rows("addresses.csv")
        texts = [row["town_area"] + told for row in blocks if row["town_area"] for told in TOLD]
        line.write(plan(given.events, given.minutes * 60, texts, users=USERS))
        acts = [
            threading.Thread(target=act, args=(given, run, house, line))
            for act in (_kill, _full_disk, _line_down, _note_load)
        ]
        for act in acts:
            act.start()
        for act in acts[:3]:
            act.join()
        _drain(given, run, house, line)
        house.close()
        return _report(given, run, house, line.story())
    finally:
        house.close()
        line.stop()


def _kill(given: argparse.Namespace, run: Run, house: House, _line: Line) -> None:
    for number, share in enumerate(KILLS_AT):
        _until(run, share * given.minutes * 60)
        run.kills.append(run.now())
        starts = house.starts
        house.kill(only_a_child=number == 1)
        begun = time.monotonic()
        while not (house.answers() and (number == 1 or house.starts > starts)):
            time.sleep(0.05)
        run.back_after.append(round(time.monotonic() - begun, 1))


def _full_disk(given: argparse.Namespace, run: Run, house: House, _line: Line) -> None:
    if not given.full_disk:
        return
    _until(run, FULL_AT * given.minutes * 60)
    begun = run.now()
    with house.full_disk():
        time.sleep(given.full_disk)
    run.full = (begun, run.now())
    ended = time.monotonic()
    while not house.answers():
        time.sleep(0.1)
    run.back_after_full = round(time.monotonic() - ended, 1)


def _line_down(given: argparse.Namespace, run: Run, _house: House, line: Line) -> None:
    _until(run, LINE_DOWN_AT * given.minutes * 60)
    begun = run.now()
    line.down()
    time.sleep(given.line_down * 60)
    line.up()
    run.line_down = (begun, run.now())


def _note_load(given: argparse.Namespace, run: Run, _house: House, _line: Line) -> None:
    while not run.drained:
        run.loads.append(os.getloadavg()[0])
        time.sleep(5)


def _drain(given: argparse.Namespace, run: Run, house: House, line: Line) -> None:
    """Until LINE has been told of everything and nothing waits."""
    _until(run, given.minutes * 60 + 21)  # the last repetition is at most 20 s late
    limit = time.monotonic() + DRAIN_S
    while line.open() or any(house.waiting()):
        if time.monotonic() > limit:
            break
        time.sleep(1)
    run.drained = run.now()
    time.sleep(2)  # the sealer


def _report(given: argparse.Namespace, run: Run, house: House, story: Story) -> int:
    stored, answers = house.stored(), house.answered()
    found = reckon(story.events, story.accepted, stored, answers)
    audit = house.audit()
    times = sorted(row.done - row.received for row in stored if row.done)
    outcome = {
        "database": given.database,
        "events": len(story.events),
        "taken": sum(event.taken for event in story.events),
        "webhook_calls": sum(event.calls for event in story.events),
        "out_of_order_arrivals": late_events(stored),
        "stored": len(stored),
        "applied": sum(row.state == "done" for row in stored),
        "reports": sum(row.effects for row in stored),
        "answers_queued": len(answers),
        "answers_accepted_by_line": len(story.accepted),
        "answers_by": dict(Counter(one.by for one in story.accepted)),
        "line_requests": story.requests,
        "rules_broken_at_line": dict(Counter(story.broken_rules)),
        "faults": found.faults(),
        "audit": audit,
        "kills_at_s": run.kills,
        "answering_again_after_s": run.back_after,
        "full_disk_s": run.full,
        "answering_again_after_full_disk_s": run.back_after_full,
        "line_down_s": run.line_down,
        "everything_done_at_s": run.drained,
        "applied_after_s_p50": round(percentile(times, 0.5), 2) if times else None,
        "applied_after_s_p99": round(percentile(times, 0.99), 2) if times else None,
        "database_starts": house.database_starts,
        "load": [round(min(run.loads), 1), round(max(run.loads), 1)],
    }
    for name, value in outcome.items():
        print(f"{name:36} {value}")
    if given.json:
        given.json.write_text(json.dumps(outcome, indent=1), encoding="utf-8")
    sound = not found.faults() and audit["ok"] and outcome["taken"] == given.events
    print("nothing lost, nothing twice, in order" if sound else "FAULTS")
    return 0 if sound else 1


def _until(run: Run, second: float) -> None:
    time.sleep(max(0.0, run.begun + second - time.monotonic()))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    raise SystemExit(main())
