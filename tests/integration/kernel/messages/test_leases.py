"""Rows of a process that is gone; and answers that must be written down, come what may."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import dispatch, inbox, leases, outbox, worker
from madoguchi.kernel.messages.data import Outcome, Outgoing, Receipt
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

from .conftest import Scribe, no_media, text


def take_and_be_gone() -> None:
    """Another process takes every row and is killed: here a thread, whose connection ends."""

    def take() -> None:
        with current.everywhere("a test"):
            leases.take_outbox(20, [])
        connections.close_all()

    thread = threading.Thread(target=take)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_rows_of_a_process_that_is_gone_are_free_at_once_where_that_can_be_known() -> None:
    """On PostgreSQL; a process that is alone on SQLite frees them at its start."""
    with current.use(towns.create_town("13208").pk):
        outbox.say("line", "U1", [Outgoing("知らせ")])
        take_and_be_gone()
        leases._looked.__dict__.clear()
        assert Outbox.objects.get().lease is not None
        if connection.vendor == "sqlite":
            assert worker.take_over() == 1
        assert worker.work_outbox(lambda *_: Receipt(Outcome.SENT), {}) == 1
        assert Outbox.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_rows_of_a_process_that_lives_are_left_to_it() -> None:
    with current.use(towns.create_town("13208").pk):
        outbox.say("line", "U1", [Outgoing("知らせ")])
        with current.everywhere("a test"):
            assert len(leases.take_outbox(20, [])[1]) == 1
        leases._looked.__dict__.clear()
        assert worker.work_outbox(lambda *_: Receipt(Outcome.SENT), {}) == 0


def test_an_older_event_that_arrives_after_the_row_was_taken_still_goes_first(
    town: Town, scribe: Scribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.receive("line", [text("e2", "あと", after_s=5)])
    take = leases.take_inbox

    def take_then_receive(limit: int) -> object:
        taken = take(limit)
        with current.use(town.pk):
            inbox.receive("line", [text("e1", "さき", after_s=1)])
        return taken

    monkeypatch.setattr(leases, "take_inbox", take_then_receive)
    worker.work_inbox(no_media)
    assert scribe.heard == []
    monkeypatch.setattr(leases, "take_inbox", take)
    worker.work_inbox(no_media)
    worker.work_inbox(no_media)
    assert scribe.heard == ["さき", "あと"]


def test_a_full_disk_is_no_fault_of_the_event(
    town: Town, scribe: Scribe, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.receive("line", [text("e1", "冠水")])

    def full(row: Inbound) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as disk:
        disk.setattr(dispatch, "apply", full)
        for _ in range(worker.INBOX_TRIES * 3):
            worker.work_inbox(no_media)
            clock.advance(timedelta(seconds=6))
    row = Inbound.objects.get()
    assert (row.state, row.attempts) == ("waiting", 0)
    worker.work_inbox(no_media)
    assert scribe.heard == ["冠水"]


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_cannot_be_written_down_is_not_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write, failures = worker._finish, [OperationalError("full"), OperationalError("full")]

    def finish(*given: object, **named: object) -> None:
        if failures:
            raise failures.pop()
        write(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "_finish", finish)
    monkeypatch.setattr(worker, "WRITE_AGAIN_S", 0.0)
    asked: list[str] = []
    with current.use(towns.create_town("13208").pk):
        outbox.say("line", "U1", [Outgoing("知らせ")])
        worker.work_outbox(
            lambda _channel, _town, delivery: asked.append(delivery.key) or Receipt(Outcome.SENT),
            {},
        )
        assert Outbox.objects.get().state == "sent"
        assert len(asked) == 1
