"""Every fault at once, small: a kill, a full disk, LINE away. ``benchmarks/faults.py`` is long."""

import contextlib
import json
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from madoguchi.channels.demo.fake_line.crowd import Crowd, plan
from madoguchi.channels.demo.fake_line.faults import Trouble
from madoguchi.channels.demo.fake_line.reckoning import (
    Accepted,
    Answer,
    Event,
    Reckoning,
    Stored,
    late_events,
    reckon,
)

from .served import POSTGRES, Served, until

OPTIONS = ("--workers", "2") if POSTGRES else ()
BEFORE, MEANWHILE, PEOPLE = 50, 20, 15
EVENTS = BEFORE + MEANWHILE
TEXTS = [f"国領町{n}丁目の道路が冠水しています" for n in range(1, 9)]
FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$
"""
REFUSE = """
CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON town_messages_{}
FOR EACH STATEMENT EXECUTE FUNCTION full_disk()
"""
TABLES = ("inbound", "outbox")


@contextlib.contextmanager
def full_disk(served: Served) -> Iterator[None]:
    """No row can be written. On SQLite no file of the processes grows; PostgreSQL refuses."""
    if POSTGRES:
        for sql in (FULL, *(REFUSE.format(table) for table in TABLES)):
            served.change(sql)
        yield
        for table in TABLES:
            served.change(f"DROP TRIGGER full_disk ON town_messages_{table}")
        return
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in served.living()}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    yield
    for pid, limit in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


def test_nothing_is_lost_nothing_comes_twice_and_the_order_is_kept(served: Served) -> None:
    crowd = Crowd(served.line, PEOPLE)
    served.start(*OPTIONS)
    crowd.write(plan(BEFORE, 3.0, TEXTS, users=PEOPLE))
    until(lambda: taken(crowd) > BEFORE / 5)
    served.kill()
    served.start(*OPTIONS)
    served.line.faults.always(Trouble.STATUS, status=503)
    until(lambda: taken(crowd) > BEFORE / 2)
    with full_disk(served):
        refused = refusals(crowd)
        crowd.write(plan(MEANWHILE, 1.0, TEXTS, users=PEOPLE, seed=8))
        until(lambda: refusals(crowd) > refused + 5)
        time.sleep(1)
    served.line.faults.clear()
    waiting = "SELECT COUNT(*) FROM town_messages_{} WHERE state = 'waiting'"
    until(lambda: len(crowd.sendings) == EVENTS and not crowd.open(), 90)
    until(lambda: served.number(waiting.format("inbound")) == 0, 90)
    until(lambda: served.number(waiting.format("outbox")) == 0, 90)
    crowd.stop()
    served.kill()

    stored = ours(served)
    found = compare(served, crowd, stored)
    assert found.faults() == {}
    assert len(stored) == EVENTS
    assert late_events(stored) > 0
    assert set(served.line.ledger.broken_rules()) <= {"reply-token-used", "reply-token-expired"}
    opened = "SELECT COUNT(*) FROM cases_caseevent WHERE verb = 'open'"
    assert served.number(opened) == served.number("SELECT COUNT(*) FROM cases_case")


def taken(crowd: Crowd) -> int:
    return sum(sending.taken for sending in list(crowd.sendings))


def refusals(crowd: Crowd) -> int:
    """Calls that were told that the event could not be stored."""
    return sum(status >= 500 for s in list(crowd.sendings) for status in list(s.told.answers))


def ours(served: Served) -> list[Stored]:
    rows = served.rows(
        "SELECT i.external_id, i.sender, i.sent_at, i.received_at, i.done_at, i.state,"
        " (SELECT COUNT(*) FROM disaster_report r WHERE r.inbound_id = i.id),"
        " i.kind = 'image'"
        " FROM town_messages_inbound i"
    )
    return [Stored(r[0], r[1], at(r[2]), at(r[3]), at(r[4]), r[5], r[6], bool(r[7])) for r in rows]


def compare(served: Served, crowd: Crowd, stored: list[Stored]) -> Reckoning:
    events = [
        Event(
            str(s.told.event["webhookEventId"]),
            s.user,
            int(str(s.told.event["timestamp"])) / 1000,
            s.taken,
            len(s.calls),
        )
        for s in crowd.sendings
    ]
    accepted = [
        Accepted(sent.to, tuple(str(m["text"]) for m in sent.messages), sent.by)
        for sent in served.line.ledger.sent
    ]
    rows = served.rows("SELECT recipient, messages, state FROM town_messages_outbox ORDER BY id")
    answers = [Answer(to, texts(messages), state) for to, messages, state in rows]
    return reckon(events, accepted, stored, answers)


def texts(messages: object) -> tuple[str, ...]:
    rows = json.loads(messages) if isinstance(messages, str) else messages
    assert isinstance(rows, list)
    return tuple(message["text"].strip() for message in rows)


def at(value: object) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC).timestamp()
