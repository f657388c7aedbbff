"""Whatever is delivered twice, late or out of order, and whenever the process dies: once each."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.clock.api import use as use_clock
from madoguchi.kernel.messages import dispatch, inbox, router, worker
from madoguchi.kernel.messages.data import Delivery, Outcome, Receipt
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import current

from .conftest import Scribe, no_media, text

EVENTS = 6
STEPS = st.one_of(
    st.tuples(st.just("deliver"), st.lists(st.integers(0, EVENTS - 1), min_size=1, max_size=4)),
    st.tuples(st.just("work"), st.just([])),
    st.tuples(st.just("die after lease"), st.just([])),
    st.tuples(st.just("die before commit"), st.just([])),
    st.tuples(st.just("send"), st.just([])),
    st.tuples(st.just("die after send"), st.just([])),
)


class Died(BaseException):
    """The process was killed: no handler of ours sees it."""


class Line:
    """A channel that never delivers one key twice, and can lose its answer on the way back."""

    def __init__(self) -> None:
        self.received: dict[str, str] = {}
        self.dies = False

    def deliver(self, channel: str, town_id: int, delivery: Delivery) -> Receipt:
        self.received.setdefault(delivery.key, delivery.messages[0].text)
        if self.dies:
            raise Died
        return Receipt(Outcome.SENT)


class LedgerTest(TestCase):
    """Each example runs in its own transaction on a fresh town."""

    @settings(max_examples=60, deadline=None)
    @given(steps=st.lists(STEPS, max_size=14))
    def test_every_event_is_applied_once_and_answered_once(
        self, steps: list[tuple[str, list[int]]]
    ) -> None:
        clock = FixedClock(datetime(2026, 7, 1, 4, 0, tzinfo=UTC))
        scribe, line = Scribe(), Line()
        with (
            use_clock(clock),
            mock.patch.object(router, "_listeners", {scribe.name: scribe}),
            current.use(towns.create_town("13208").pk),
        ):
            delivered: set[int] = set()
            for step, events in steps:
                delivered |= set(events)
                self._do(step, events, line)
                clock.advance(timedelta(minutes=3))
            for _ in range(EVENTS * 2):
                self._do("work", [], line)
                self._do("send", [], line)
                clock.advance(timedelta(minutes=3))
            self._check(delivered, line)

    def _do(self, step: str, events: list[int], line: Line) -> None:
        match step:
            case "deliver":
                inbox.receive("line", [text(f"e{n}", f"{n}", f"U{n % 2}", n) for n in events])
            case "work":
                worker.work_inbox(no_media)
            case "die after lease":
                with mock.patch.object(worker, "_work_one_inbound", side_effect=Died):
                    self._survive(lambda: worker.work_inbox(no_media))
            case "die before commit":
                with mock.patch.object(dispatch, "apply", side_effect=_apply_and_die):
                    self._survive(lambda: worker.work_inbox(no_media))
            case "send":
                worker.work_outbox(line.deliver, {})
            case "die after send":
                line.dies = True
                self._survive(lambda: worker.work_outbox(line.deliver, {}))
                line.dies = False

    @staticmethod
    def _survive(work: Callable[[], int]) -> None:
        with contextlib.suppress(Died):
            work()

    def _check(self, delivered: set[int], line: Line) -> None:
        rows = Inbound.objects.all()
        assert {row.text for row in rows} == {f"{n}" for n in delivered}
        assert {row.state for row in rows} <= {"done"}
        assert sorted(line.received.values()) == sorted(f"「{n}」を聞きました。" for n in delivered)
        assert Outbox.objects.filter(state="sent").count() == len(delivered)


_apply = dispatch.apply


def _apply_and_die(row: Inbound) -> None:
    _apply(row)
    raise Died
