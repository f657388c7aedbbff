"""LINE webhook: time to answer, time from event to marker, nothing lost, nothing twice.

    python benchmarks/webhook.py [--rate 17] [--seconds 120]
    scripts/test_postgres.sh env MADOGUCHI_DB=postgres python benchmarks/webhook.py

Open loop: times count from the scheduled send. One event in ten is delivered twice. A marker is
there when a staff session that polls every 0.25 s, as a map would, is shown the report's case with
enough witnesses. Baseline in the same run: /healthz of the same server.
"""

import argparse
import http.client
import json
import os
import random
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

from madoguchi.channels.demo.fake_line import server as stand_in
from madoguchi.channels.demo.fake_line.webhooks import sign
from madoguchi.kernel.towns import pack
from server import SECRET, TOKEN, Server, as_json, note, percentile, running

TOLD = (
    "で道路が冠水しています",
    "で停電しています",
    "で木が倒れて通れません",
    "の家の屋根が飛びました",
    "で断水しています",
    "で土砂が崩れています",
    "でけが人がいます",
    "でブロック塀が倒れています",
)
UNSEEN_S = 99.0
REPORTS = """
import json
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.services.disaster.models import Report
with current.use(Town.objects.get().pk):
    rows = Report.objects.order_by("id").values_list("inbound__external_id", "case_id")
    print(json.dumps({"rows": list(rows), "inbound": Inbound.objects.count(),
        "open": Inbound.objects.exclude(state="done").count(),
        "unsent": Outbox.objects.exclude(state="sent").count()}))
"""


def main() -> int:
    """Run once and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--rate", type=float, default=17)
    options.add_argument("--seconds", type=float, default=120)
    given = options.parse_args()
    count = int(given.rate * given.seconds)
    with stand_in.start("http://127.0.0.1:9/none", SECRET, TOKEN) as line:
        users = [line.person(f"{n}") for n in range(300)]
        with running(line.host) as server:
            _measure(server, _events(count, users), given.rate, line)
    return 0


def _events(count: int, users: list[str]) -> list[dict[str, object]]:
    dice = random.Random(7)
    blocks = [r["town_area"] for r in pack.load("13208").rows("addresses.csv") if r["town_area"]]
    return [
        {
            "type": "message",
            "mode": "active",
            "source": {"type": "user", "userId": dice.choice(users)},
            "webhookEventId": f"01BENCH{number:019d}",
            "deliveryContext": {"isRedelivery": False},
            "message": {
                "id": f"{number}",
                "type": "text",
                "text": dice.choice(blocks) + dice.choice(TOLD),
                "quoteToken": "q",
            },
        }
        for number in range(count)
    ]


def _measure(
    server: Server, events: list[dict[str, object]], rate: float, line: stand_in.FakeLine
) -> None:
    local = threading.local()
    answers: list[float] = []
    due: dict[str, float] = {}
    seen: dict[tuple[int, int], float] = {}
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(server, seen, stop))
    watcher.start()
    before, start = server.cpu_seconds(), time.monotonic() + 0.5

    def send(event: dict[str, object], at: float) -> None:
        time.sleep(max(0.0, at - time.monotonic()))
        body = json.dumps(
            {"destination": line.bot_id, "events": [event | {"timestamp": int(time.time() * 1000)}]}
        ).encode()
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        headers = {"X-Line-Signature": sign(SECRET, body), "Content-Type": "application/json"}
        local.connection.request("POST", "/channels/line/webhook", body, headers)
        answer = local.connection.getresponse()
        answer.read()
        answers.append(time.monotonic() - at if answer.status == 200 else 99.0)

    calls: list[Future[None]] = []
    with ThreadPoolExecutor(64) as pool:
        for number, event in enumerate(events):
            at = start + number / rate
            due[str(event["webhookEventId"])] = at
            calls.append(pool.submit(send, event, at))
            if number % 10 == 0:
                calls.append(pool.submit(send, event, at + 2.0))
    for call in calls:
        call.result()  # a call that broke must not look like a call that was quick
    time.sleep(5)
    cpu = server.cpu_seconds() - before
    stop.set()
    watcher.join()
    _print(server, events, answers, due, seen, cpu, line)


def _watch(server: Server, seen: dict[tuple[int, int], float], stop: threading.Event) -> None:
    """Poll as a map does; note when each case was first shown with so many witnesses."""
    since = 0
    known: dict[int, int] = {}
    while not stop.wait(0.25):
        told = server.staff.get("/staff/map/changes", params={"since": since}).json()
        now, since = time.monotonic(), told["seq"]
        at = told["fields"].index("witnesses")
        for row in told["rows"]:
            for witnesses in range(known.get(row[0], 0) + 1, row[at] + 1):
                seen[row[0], witnesses] = now
            known[row[0]] = max(known.get(row[0], 0), row[at])


def _print(
    server: Server,
    events: list[dict[str, object]],
    answers: list[float],
    due: dict[str, float],
    seen: dict[tuple[int, int], float],
    cpu: float,
    line: stand_in.FakeLine,
) -> None:
    stored = as_json(server.python(REPORTS))
    rank: dict[int, int] = {}
    markers, unseen = [], 0
    rows: list[tuple[str, int]] = stored["rows"]  # type: ignore[assignment]
    for external_id, case in rows:
        rank[case] = rank.get(case, 0) + 1
        shown = seen.get((case, rank[case]))
        if shown is None:
            unseen += 1
        else:
            markers.append(shown - due[external_id])
    healthz = _healthz(server)
    markers += [UNSEEN_S] * unseen  # what never showed counts as late, not as absent
    p50, p99 = (percentile(answers, share) * 1000 for share in (0.5, 0.99))
    database = os.environ.get("MADOGUCHI_DB", "sqlite")
    twice = len(rows) - len({row[0] for row in rows})
    print(note())
    print(f"{database}, {len(events)} events, {len(answers)} calls, load {os.getloadavg()[0]:.1f}")
    print(f"  answer        p50 {p50:.0f} ms, p99 {p99:.0f} ms (goal < 300)")
    print(f"  /healthz      p99 {healthz * 1000:.0f} ms, ratio {p99 / healthz / 1000:.1f}")
    print(f"  event->marker p50 {percentile(markers, 0.5):.2f} s", end="")
    print(f", p95 {percentile(markers, 0.95):.2f} s (goal < 3)")
    joined = len(events) - len(rows)
    print(f"  lost {len(events) - int(str(stored['inbound']))}, applied twice {twice}", end="")
    print(f", not shown {unseen}, taken as answers to a question {joined}", end="")
    print(f", not done {stored['open']}, not sent {stored['unsent']}")
    print(f"  messages at LINE {len(line.ledger.sent)}", end="")
    print(f", rules broken {len(line.ledger.broken_rules())}")
    print(f"  server CPU {cpu / len(events) * 1000:.1f} ms an event")


def _healthz(server: Server) -> float:
    times = []
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    for _ in range(300):
        at = time.monotonic()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        times.append(time.monotonic() - at)
    return percentile(times, 0.99)


if __name__ == "__main__":
    raise SystemExit(main())
