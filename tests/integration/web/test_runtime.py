"""The working threads: they work, survive errors in silence, and end when told to."""

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import inbox
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns import api, current
from madoguchi.web import runtime
from madoguchi.web.runtime import Job, Runtime


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def going() -> Iterator[Callable[..., Runtime]]:
    """Starts runtimes and stops them at the end."""
    started: list[Runtime] = []

    def start(jobs: list[Job] | None = None) -> Runtime:
        started.append(Runtime(jobs))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        assert one.stop(10)


def test_a_message_is_worked_on_answered_and_sealed(
    transactional_db: None, going: Callable[..., Runtime]
) -> None:
    town = api.create_town("13208")
    going()
    with current.use(town.pk):
        inbox.receive(
            "web",
            [Incoming("e1", EventKind.TEXT, sender="w1", sent_at=clock.now(), text="こんにちは")],
        )
        until(lambda: Inbound.objects.filter(state=Inbound.State.DONE).exists())
        until(lambda: Outbox.objects.filter(state=Outbox.State.SENT).exists())


def test_an_error_ends_no_thread_and_tells_no_secret(
    going: Callable[..., Runtime], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "TROUBLE_S", 0.01)
    calls: list[int] = []

    def step() -> int:
        calls.append(1)
        if len(calls) < 3:
            raise ValueError("調布市小島町の山田さん")
        return 0

    with caplog.at_level(logging.DEBUG):
        running = going([Job("probe", step, lambda: time.sleep(0.01))])
        until(lambda: len(calls) > 5)
    assert running.alive()
    assert "probe: ValueError" in caplog.text
    assert "山田" not in caplog.text


def test_a_thread_that_finds_work_does_not_wait(going: Callable[..., Runtime]) -> None:
    work = list(range(50))
    waited = threading.Event()
    going([Job("probe", lambda: len(work) and work.pop() + 1, waited.set)])
    until(lambda: not work)
    until(waited.is_set)


def test_stop_waits_for_the_row_at_hand_but_not_for_ever(going: Callable[..., Runtime]) -> None:
    entered, leave = threading.Event(), threading.Event()

    def slow() -> int:
        entered.set()
        leave.wait(10)
        return 0

    running = going([Job("probe", slow, lambda: None)])
    assert entered.wait(10)
    assert not running.stop(0.05)
    leave.set()
    assert running.stop(10)
    assert not running.alive()
