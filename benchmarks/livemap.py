"""The live map with 50,000 cases: size of the first load, and 50 open maps that poll.

    python benchmarks/livemap.py [--cases 50000] [--maps 50] [--seconds 60]
    scripts/test_postgres.sh env MADOGUCHI_DB=postgres python benchmarks/livemap.py

Times count from the scheduled poll. Five cases a second change meanwhile. Baseline: the same rows
as plain JSON for every poll.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter

from server import Server, note, percentile, running

EVERY_S = 1.5  # as ui/map/live.mjs
FILL = """
import random
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.places.data import Accuracy
from madoguchi.kernel.towns import counters, current, pack
from madoguchi.kernel.towns.models import Counter
dice = random.Random(3)
rows = [r for r in pack.load("13208").rows("addresses.csv") if r["town_area"]]
kinds = [("flood", "浸水・水害"), ("road", "道路・交通"), ("lifeline", "電気・水道・ガス・電話")]
with current.use(t.pk):
    made = []
    for seq in range(1, COUNT + 1):
        row, (kind, word) = dice.choice(rows), dice.choice(kinds)
        label = "調布市" + row["town_area"]
        made.append(Case(number=f"2026-{seq:06d}", service="disaster", title=f"{word}（{label}）",
            urgency=dice.randrange(4), categories=[kind],
            lat=float(row["lat"]) + dice.gauss(0, .001),
            lon=float(row["lon"]) + dice.gauss(0, .001), accuracy="block", radius_m=390, seq=seq,
            place_label=label, opened_at=clock.now(), updated_at=clock.now()))
    Case.objects.bulk_create(made, batch_size=1000)
    Counter.objects.update_or_create(name="case.seq", defaults={"value": COUNT})
"""
CHANGE = """
import time
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
with current.use(Town.objects.get().pk):
    ids = list(Case.objects.values_list("pk", flat=True)[:1000])
    for number in range(SECONDS * 5):
        cases.add_witness(ids[number % 1000], actor="system:bench")
        time.sleep(0.18)
"""


def main() -> int:
    """Run once and print."""
    options = argparse.ArgumentParser()
    for name, value in (("cases", 50_000), ("maps", 50), ("seconds", 60)):
        options.add_argument(f"--{name}", type=int, default=value)
    given = options.parse_args()
    with running(prepare=FILL.replace("COUNT", str(given.cases))) as server:
        database = os.environ.get("MADOGUCHI_DB", "sqlite")
        print(note())
        print(f"{database}, {given.cases} cases, load {os.getloadavg()[0]:.1f}")
        seq, plain = _first_load(server)
        _poll(server, seq, plain, given.maps, given.seconds)
    return 0


def _first_load(server: Server) -> tuple[int, int]:
    """Print the size of the first load; the sequence number and the plain size."""
    sizes = {}
    for encoding in ("br", "gzip"):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        headers = {"Accept-Encoding": encoding, "Cookie": _cookie(server)}
        at = time.monotonic()
        connection.request("GET", "/staff/map/data", headers=headers)
        sizes[encoding] = len(connection.getresponse().read())
        print(f"  first load {encoding:5} {sizes[encoding] / 1e6:.2f} MB", end="")
        print(f" in {time.monotonic() - at:.2f} s (goal <= 2 MB)")
    answer = server.staff.get("/staff/map/data", timeout=60)
    plain = len(answer.content)
    print(f"  plain JSON {plain / 1e6:.2f} MB, ratio gzip {sizes['gzip'] / plain:.2f}")
    return int(json.loads(answer.content)["seq"]), plain


def _cookie(server: Server) -> str:
    return "; ".join(f"{name}={value}" for name, value in server.staff.cookies.items())


def _poll(server: Server, seq: int, plain: int, maps: int, seconds: int) -> None:
    code = "import django; django.setup()\n" + CHANGE.replace("SECONDS", str(seconds))
    changing = subprocess.Popen([sys.executable, "-c", code], env=server.environment)
    times: list[float] = []
    sizes: list[int] = []
    statuses: Counter[int] = Counter()
    before, start = server.cpu_seconds(), time.monotonic() + 1

    def one_map(number: int) -> None:
        since, etag = seq, ""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for turn in range(int(seconds / EVERY_S)):
            at = start + number * EVERY_S / maps + turn * EVERY_S
            time.sleep(max(0.0, at - time.monotonic()))
            headers = {"Cookie": _cookie(server), "If-None-Match": etag}
            connection.request("GET", f"/staff/map/changes?since={since}", headers=headers)
            answer = connection.getresponse()
            content = answer.read()
            times.append(time.monotonic() - at)
            sizes.append(len(content))
            statuses[answer.status] += 1
            if answer.status == 200:
                since, etag = json.loads(content)["seq"], answer.headers["ETag"]

    threads = [threading.Thread(target=one_map, args=(n,)) for n in range(maps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cpu = server.cpu_seconds() - before
    if changing.wait() != 0 or set(statuses) - {200, 304}:
        raise SystemExit(f"not a fair run: {dict(statuses)}, changes ended {changing.returncode}")
    if sum(statuses.values()) != maps * int(seconds / EVERY_S):
        raise SystemExit(f"polls are missing: {dict(statuses)}")
    mean = sum(sizes) / len(sizes)
    print(f"  {maps} maps, {len(times)} polls: p50 {percentile(times, 0.5) * 1000:.0f} ms", end="")
    print(f", p95 {percentile(times, 0.95) * 1000:.0f} ms (goal <= 200)")
    print(f"  304 share {statuses[304] / len(times):.2f}")
    print(f"  {mean:.0f} bytes a poll, ratio to plain JSON {mean / plain:.5f}")
    print(f"  server CPU {cpu / len(times) * 1000:.1f} ms a poll, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    raise SystemExit(main())
