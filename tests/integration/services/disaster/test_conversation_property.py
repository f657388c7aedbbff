"""Whatever residents send, in whatever order, twice or late: heard once, answered once, kept."""

import contextlib
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PIL import Image
from pytest_django.fixtures import Settings

from madoguchi.channels.base import MediaUnavailable
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import OPEN_STATES
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import dispatch, inbox, taking_back, worker
from madoguchi.kernel.messages.data import Delivery, EventKind, Incoming, Outcome, Receipt
from madoguchi.kernel.messages.models import Conversation, Inbound, Outbox
from madoguchi.kernel.places.data import Point
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster import correcting
from madoguchi.services.disaster.models import Report

DANGER = (
    "助けて！祖母が二階に取り残されて動けません",
    "国領町3丁目で家が燃えています、中に人がいます",
    "生き埋めになっています、助けてください",
)
WORDS = (
    *DANGER,
    "国領町3丁目の道路が冠水しています",
    "布田駅の前で木が倒れて道をふさいでいます",
    "床上まで水が来ています",
    "橋の近くで停電しています",
    "水が引きました。国領町3丁目の通行止めは解除されました",
    "国領町3丁目です",
    "八王子市の駅前です",
    "ええと、うちの前",
    "はい",
    "いいえ",
    "場所がわからない",
    "ありがとうございました",
    "避難所はどこですか",
    "仕事が炎上して死ぬほど忙しい",
    "😀😀😀",
    "\u202eabc\u202c",
    "\x01\x02",
    "あ" * 3000,
)
PINS = (Point(35.6517, 139.5446), Point(35.6605, 139.5553), Point(43.06, 141.35))
SPOKEN = {"text", "image", "location", "postback", "follow", "join"}
ASKED_FOR = timedelta(minutes=30)  # how long an answer is awaited, as staff is told
MOST_QUESTIONS = 2
NOT_READ = taking_back.REASON

people = st.integers(0, 2)
picks = st.integers(0, 50)
numbers = itertools.count(1)


class Died(BaseException):
    """The process was killed: no handler of ours sees it."""


@dataclass
class Seen:
    """What the machine knows of one event beside the database."""

    event: Incoming
    channel: str
    taken_back: bool = False


@dataclass
class Counter:
    """A town's counter with three residents; ``clock`` stands until a rule moves it."""

    clock: FixedClock
    photo_key: str
    number: int = field(default_factory=lambda: next(numbers))
    seen: dict[str, Seen] = field(default_factory=dict)
    withheld: list[Seen] = field(default_factory=list)
    arrived: dict[str, int] = field(default_factory=dict)

    def sender(self, who: int) -> str:
        return f"p{self.number}-{who}"

    @staticmethod
    def channel(who: int) -> str:
        return ("line", "web", "line")[who]


class Talk(RuleBasedStateMachine):
    """Residents, staff, LINE and the clock do what they like."""

    clock: FixedClock
    photo_key: str

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()  # undone by teardown: each example begins anew
        self.example.__enter__()
        self.at = Counter(self.clock, self.photo_key)

    # What people send

    def send(self, who: int, kind: EventKind, *, hold: bool = False, **what: object) -> None:
        self.clock.advance(timedelta(seconds=2))
        name = f"e{self.at.number}-{len(self.at.seen)}"
        event = Incoming(
            name,
            kind,
            self.at.sender(who),
            self.clock.now(),
            message=f"m{name}",
            reply_token=f"t{name}",
            **what,  # type: ignore[arg-type]
        )
        if kind in (EventKind.UNFOLLOW, EventKind.UNSEND):
            event = replace(event, reply_token="")
        seen = Seen(event, self.at.channel(who))
        self.at.seen[name] = seen
        if hold:
            self.at.withheld.append(seen)
        else:
            inbox.receive(seen.channel, [event])

    @rule(who=people, text=st.sampled_from(WORDS), hold=st.booleans())
    def write(self, who: int, text: str, hold: bool) -> None:
        self.send(who, EventKind.TEXT, hold=hold, text=text)

    @rule(who=people, text=st.sampled_from(WORDS))
    def write_at_once(self, who: int, text: str) -> None:
        self.send(who, EventKind.TEXT, text=text)
        self.work()

    @rule(who=people, point=st.sampled_from(PINS), text=st.sampled_from(("", "調布市", DANGER[0])))
    def show_the_place(self, who: int, point: Point, text: str) -> None:
        self.send(who, EventKind.LOCATION, point=point, text=text)

    @rule(who=people, broken=st.booleans())
    def photograph(self, who: int, broken: bool) -> None:
        what = {"media": "gone"} if broken else {"file_key": self.photo_key}
        self.send(who, EventKind.IMAGE, **what)

    @rule(who=people, kind=st.sampled_from(("follow", "unfollow", "postback", "other", "join")))
    def do_something_else(self, who: int, kind: str) -> None:
        self.send(who, EventKind(kind), data="yes" if kind == "postback" else "")

    @precondition(lambda self: self.at.seen)
    @rule(pick=picks)
    def take_back(self, pick: int) -> None:
        seen = list(self.at.seen.values())[pick % len(self.at.seen)]
        if seen.event.kind is not EventKind.UNSEND:
            who = int(seen.event.sender.rpartition("-")[2])
            self.send(who, EventKind.UNSEND)
            undo = list(self.at.seen.values())[-1]
            row = Inbound.objects.filter(external_id=undo.event.external_id)
            row.update(message=seen.event.message)
            seen.taken_back = True

    # What LINE, the machine, the clock and staff do

    @precondition(lambda self: self.at.seen)
    @rule(pick=picks)
    def deliver_again(self, pick: int) -> None:
        seen = list(self.at.seen.values())[pick % len(self.at.seen)]
        if seen not in self.at.withheld and seen.event.kind is not EventKind.UNSEND:
            inbox.receive(seen.channel, [seen.event, seen.event])

    @precondition(lambda self: self.at.withheld)
    @rule()
    def deliver_late(self) -> None:
        seen = self.at.withheld.pop(0)
        inbox.receive(seen.channel, [seen.event])

    @rule(seconds=st.sampled_from((1, 70, 1799, 1801, 7200)))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    @rule(pick=picks, what=st.sampled_from(("settle", "refuse", "reopen", "merge")))
    def staff_acts(self, pick: int, what: str) -> None:
        mine = list(self.cases().order_by("id"))
        if not mine:
            return
        case, other = mine[pick % len(mine)], mine[(pick + 1) % len(mine)]
        with contextlib.suppress(cases.NotAllowed):
            match what:
                case "settle":
                    cases.settle(case.pk, actor="staff:1", note="終わりました。")
                case "refuse":
                    cases.refuse(case.pk, actor="staff:1", reason="対象外です。")
                case "reopen":
                    cases.reopen(case.pk, actor="staff:1")
                case "merge":
                    correcting.merge(case, other, actor="staff:1", expected_seq=None)

    @rule()
    def work(self) -> None:
        while self.work_once():
            pass

    @rule()
    def die_at_work(self) -> None:
        with (
            mock.patch.object(dispatch, "apply", side_effect=_apply_and_die),
            contextlib.suppress(Died),
        ):
            worker.work_inbox(_no_photo, limit=1)
        self.clock.advance(worker.LEASE)

    @rule()
    def answers_go_out(self) -> None:
        while worker.work_outbox(self._deliver, {}):
            pass

    def teardown(self) -> None:
        try:
            self.all_comes_to_rest()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    def all_comes_to_rest(self) -> None:
        while self.at.withheld:
            self.deliver_late()
        self.clock.advance(worker.LEASE)
        self.work()
        self.answers_go_out()
        assert {row.state for row in self.mine()} <= {"done"}
        assert {row.external_id for row in self.mine()} == set(self.at.seen)
        self.nothing_is_lost_nor_applied_twice()
        self.each_is_answered_once_or_says_why_not()
        assert all(count == 1 for count in self.at.arrived.values())

    # One event at a time, and what must be true of it

    def work_once(self) -> int:
        before = {c.sender: c for c in self.conversations()}
        waiting = set(self.mine().filter(state="waiting").values_list("pk", flat=True))
        found = worker.work_inbox(_no_photo, limit=1)
        after = {c.sender: c for c in self.conversations()}
        for row in self.mine().filter(pk__in=waiting, state="done"):
            self._an_answer_is_awaited_or_not(
                row, before.get(row.sender), after.get(row.sender), self.clock.now()
            )
            if row.route_reason != NOT_READ and row.text in DANGER:
                self._staff_hears_of_danger(row)
        return found

    def _an_answer_is_awaited_or_not(
        self, row: Inbound, old: Conversation | None, new: Conversation | None, now: datetime
    ) -> None:
        awaited = old is not None and old.service and old.expires_at and now < old.expires_at
        if row.route_reason == "続きの返事と判断しました":
            assert awaited, "a question that was not open was answered"
        if new is None or not new.service:
            return
        assert new.expires_at is not None
        assert new.expires_at <= now + ASKED_FOR
        assert int(new.data.get("asked", 1)) <= MOST_QUESTIONS
        report = Report.objects.get(pk=new.data["report"])
        assert report.contact_id == row.contact_id
        if not awaited and new.updated_at != now:
            assert old is not None
            assert old.expires_at == new.expires_at  # an old question stays expired
            assert now >= new.expires_at

    def _staff_hears_of_danger(self, row: Inbound) -> None:
        told = Report.objects.filter(contact_id=row.contact_id, text__contains=row.text)
        urgent = [r for r in told if r.case and r.case.state in OPEN_STATES and r.case.urgency == 3]
        assert urgent, f"nobody hears of 「{row.text}」"

    # What is always true

    @invariant()
    def nothing_is_lost_nor_applied_twice(self) -> None:
        held = {seen.event.external_id for seen in self.at.withheld}
        stored = list(self.mine().values_list("external_id", flat=True))
        assert sorted(stored) == sorted(set(self.at.seen) - held)
        assert not self.mine().filter(state="failed").exists()
        total = Case.objects.aggregate(n=Sum("witnesses"))["n"] or 0
        assert total == Report.objects.filter(case__isnull=False).count()

    @invariant()
    def each_is_answered_once_or_says_why_not(self) -> None:
        answers: dict[str, int] = {}
        mine = Outbox.objects.filter(recipient__startswith=f"p{self.at.number}-")
        for token in mine.exclude(reply_token="").values_list("reply_token", flat=True):
            answers[token] = answers.get(token, 0) + 1
        for row in self.mine().filter(state="done"):
            seen = self.at.seen[row.external_id]
            count = answers.get(seen.event.reply_token, 0) if seen.event.reply_token else 0
            speaks = row.kind in SPOKEN or (row.kind == "other" and seen.event.reply_token)
            assert count <= 1
            assert row.route_reason
            if row.route_reason != NOT_READ:
                assert count == bool(speaks), f"{row.kind} {row.text!r}: {row.route_reason}"

    def mine(self) -> "Inbound.objects":  # type: ignore[name-defined]
        return Inbound.objects.filter(sender__startswith=f"p{self.at.number}-")

    def conversations(self) -> Iterator[Conversation]:
        return Conversation.objects.filter(sender__startswith=f"p{self.at.number}-").iterator()

    def cases(self):  # type: ignore[no-untyped-def]
        ids = Report.objects.filter(contact__address__startswith=f"p{self.at.number}-")
        return Case.objects.filter(pk__in=ids.values("case"))

    def _deliver(self, _channel: str, _town: int, delivery: Delivery) -> Receipt:
        self.at.arrived[delivery.key] = self.at.arrived.get(delivery.key, 0) + 1
        return Receipt(Outcome.SENT)


_apply = dispatch.apply


def _apply_and_die(row: Inbound) -> None:
    _apply(row)
    raise Died


def _no_photo(*_: object) -> bytes:
    raise MediaUnavailable("写真はもうありません。")


@pytest.fixture
def photo(town: Town, settings: Settings, tmp_path: Path) -> str:
    from madoguchi.kernel.files import api as files

    settings.DATA = tmp_path
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (20, 90, 160)).save(buffer, "JPEG")
    return str(files.accept(buffer.getvalue()).key)


def test_every_conversation_keeps_its_promises(clock: FixedClock, photo: str) -> None:
    machine = type("Talk", (Talk,), {"clock": clock, "photo_key": photo})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # to shrink a failure takes minutes
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )
