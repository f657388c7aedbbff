"""The clock is set while work is pending: nothing is lost, stuck or done twice."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import QuerySet

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import inbox, leases, outbox, worker
from madoguchi.kernel.messages.data import Delivery, EventKind, Incoming, Outcome, Outgoing, Receipt
from madoguchi.kernel.messages.models import Conversation, Inbound, Outbox
from madoguchi.kernel.messages.router import Bid, Listener
from madoguchi.kernel.messages.turn import Turn
from madoguchi.kernel.towns.models import Town

from .conftest import Scribe, no_media, text

BACK, AHEAD = timedelta(hours=-1), timedelta(days=1)
JUMPS = pytest.mark.parametrize("jump", [BACK, AHEAD], ids=["an hour back", "a day ahead"])
STATED = timedelta(minutes=1)
"""What waits for its next attempt waits no longer, whatever the clock did."""


class Post:
    """A channel that fails until it is mended, and writes down what reached people."""

    def __init__(self) -> None:
        self.broken = True
        self.arrived: list[str] = []

    def deliver(self, channel: str, town_id: int, delivery: Delivery) -> Receipt:
        if self.broken:
            return Receipt(Outcome.RETRY, "つながりません")
        self.arrived.append(delivery.messages[0].text)
        return Receipt(Outcome.SENT)


def hold(rows: "QuerySet[Inbound] | QuerySet[Outbox]", clock: FixedClock) -> None:
    """As a process leaves rows that is killed in the middle of its work."""
    rows.update(lease=uuid.uuid4(), lease_until=clock.now() + leases.LEASE)


@JUMPS
def test_events_that_wait_are_applied_once(
    town: Town, scribe: Scribe, clock: FixedClock, jump: timedelta
) -> None:
    inbox.receive("line", [text("e1", "一"), text("e2", "二", after_s=1)])
    clock.advance(jump)
    inbox.receive("line", [text("e1", "一"), text("e3", "三", after_s=2)])
    for _ in range(4):
        worker.work_inbox(no_media)
    assert scribe.heard == ["一", "二", "三"]


@JUMPS
def test_an_event_that_was_put_back_is_tried_again_in_time(
    town: Town, scribe: Scribe, clock: FixedClock, jump: timedelta
) -> None:
    scribe.break_on = {"一"}
    inbox.receive("line", [text("e1", "一")])
    worker.work_inbox(no_media)
    scribe.break_on = set()
    clock.advance(jump + STATED)
    worker.work_inbox(no_media)
    assert scribe.heard == ["一"]


@JUMPS
def test_rows_of_a_killed_process_are_taken_in_time(
    town: Town, scribe: Scribe, clock: FixedClock, jump: timedelta
) -> None:
    inbox.receive("line", [text("e1", "一")])
    hold(Inbound.objects.all(), clock)
    outbox.say("line", "U9", [Outgoing("前の返事")])
    hold(Outbox.objects.all(), clock)
    post = Post()
    post.broken = False
    clock.advance(jump + leases.LEASE + timedelta(seconds=1))
    worker.work_inbox(no_media)
    worker.work_outbox(post.deliver, {})
    worker.work_outbox(post.deliver, {})
    assert scribe.heard == ["一"]
    assert sorted(post.arrived) == ["「一」を聞きました。", "前の返事"]


@JUMPS
def test_deliveries_to_a_channel_that_was_down_go_out_in_time(
    town: Town, clock: FixedClock, jump: timedelta
) -> None:
    post = Post()
    down: worker.Doors = {}
    for person in range(3):
        outbox.say("line", f"U{person}", [Outgoing(f"{person}")])
    for _ in range(8):  # until it waits as long as it ever does
        worker.work_outbox(post.deliver, down)
        clock.advance(STATED)
    worker.work_outbox(post.deliver, down)
    post.broken = False
    clock.advance(jump + STATED)
    worker.work_outbox(post.deliver, down)
    assert sorted(post.arrived) == ["0", "1", "2"]
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}


def test_what_a_clock_of_tomorrow_has_put_off_does_not_wait_until_tomorrow(
    town: Town, scribe: Scribe, clock: FixedClock
) -> None:
    clock.advance(AHEAD)
    inbox.receive("line", [text("e1", "一")])
    post = Post()
    down: worker.Doors = {}
    outbox.say("line", "U2", [Outgoing("知らせ")])
    worker.work_outbox(post.deliver, down)
    clock.advance(-AHEAD)
    post.broken = False
    worker.work_inbox(no_media)
    worker.work_outbox(post.deliver, down)
    assert scribe.heard == ["一"]
    assert sorted(post.arrived) == ["「一」を聞きました。", "知らせ"]


def test_clocks_that_differ_a_little_take_nothing_from_each_other(
    town: Town, clock: FixedClock
) -> None:
    outbox.say("line", "U1", [Outgoing("知らせ")])
    hold(Outbox.objects.all(), clock)
    clock.advance(-leases.SKEW)
    assert worker.work_outbox(Post().deliver, {}) == 0


def test_a_channel_that_asks_for_more_patience_than_is_allowed_is_asked_again_sooner(
    town: Town, clock: FixedClock
) -> None:
    outbox.say("line", "U1", [Outgoing("知らせ")])
    worker.work_outbox(lambda *_: Receipt(Outcome.RETRY, retry_after_s=3600.0), {})
    assert Outbox.objects.get().next_at == clock.now() + leases.LONGEST_WAIT


@JUMPS
def test_a_photo_that_waits_is_fetched_in_time(
    town: Town, scribe: Scribe, clock: FixedClock, jump: timedelta
) -> None:
    class NotYet(Exception):
        retry = True

    def fails(*_: object) -> bytes:
        raise NotYet

    inbox.receive("line", [Incoming("p1", EventKind.IMAGE, "U1", clock.now(), media="123")])
    for _ in range(5):
        worker.work_photos(fails)
        clock.advance(STATED)
    asked: list[str] = []
    clock.advance(jump)
    worker.work_photos(lambda _channel, _town, media: asked.append(media) or b"no photo")
    assert asked == ["123"]


@JUMPS
def test_the_log_is_sealed_and_holds(
    town: Town, scribe: Scribe, clock: FixedClock, jump: timedelta
) -> None:
    audit.record("case.see", "case:1", actor="staff:1")
    audit.seal(clock.now())
    audit.record("case.see", "case:2", actor="staff:1")
    clock.advance(jump)
    audit.record("case.see", "case:3", actor="staff:1")
    audit.seal(clock.now())
    report = audit.verify()
    assert (report.ok, report.sealed, report.unsealed_tail) == (True, 3, 0)


class Asker(Listener):
    """Asks where, and takes the next words as the answer if they come in time."""

    name = "asker"
    title = "たずねる窓口"

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.asked: list[str] = []

    def bid(self, turn: Turn) -> Bid | None:
        return Bid(0.5, "何でも聞きます")

    def handle(self, turn: Turn) -> None:
        if turn.conversation.is_open(turn.now):
            self.answers.append(turn.incoming.text)
            turn.stop_asking()
        else:
            self.asked.append(turn.incoming.text)
            turn.ask(self.name, "where", {}, minutes=30)


@pytest.mark.parametrize(
    ("jump", "asked", "answers"), [(BACK, ["冠水"], ["布田"]), (AHEAD, ["冠水", "布田"], [])]
)
def test_the_words_after_the_jump_are_an_answer_or_a_new_message_and_never_lost(
    town: Town,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    jump: timedelta,
    asked: list[str],
    answers: list[str],
) -> None:
    asker = Asker()
    monkeypatch.setattr("madoguchi.kernel.messages.router._listeners", {"asker": asker})
    inbox.receive("line", [text("e1", "冠水")])
    worker.work_inbox()
    clock.advance(jump)
    inbox.receive("line", [text("e2", "布田", after_s=60)])
    worker.work_inbox()
    assert (asker.asked, asker.answers) == (asked, answers)
    assert Conversation.objects.count() == 1
