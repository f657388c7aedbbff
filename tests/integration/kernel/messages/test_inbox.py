"""The durable inbox: stored once, applied once, in the sender's order."""

from datetime import timedelta

import pytest

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import inbox, worker
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

from .conftest import Scribe, no_media, text


def test_the_same_event_five_times_is_stored_and_applied_once(town: Town, scribe: Scribe) -> None:
    event = text("e1", "冠水")
    assert [inbox.receive("line", [event, event]) for _ in range(5)] == [1, 0, 0, 0, 0]
    worker.work_inbox(no_media)
    worker.work_inbox(no_media)
    assert scribe.heard == ["冠水"]
    assert Outbox.objects.count() == 1


def test_the_same_id_on_another_channel_or_in_another_town_is_another_event(
    town: Town, other_town: Town, scribe: Scribe
) -> None:
    inbox.receive("line", [text("e1", "一")])
    inbox.receive("web", [text("e1", "二")])
    with current.use(other_town.pk):
        inbox.receive("line", [text("e1", "三")])
    worker.work_inbox(no_media)
    assert sorted(scribe.heard) == ["一", "三", "二"]
    assert Inbound.objects.count() == 2


def test_one_senders_events_are_applied_in_the_order_they_were_sent(
    town: Town, scribe: Scribe
) -> None:
    inbox.receive("line", [text("e2", "あと", after_s=5)])
    inbox.receive("line", [text("e1", "さき", after_s=1)])
    assert worker.work_inbox(no_media) == 1
    assert worker.work_inbox(no_media) == 1
    assert scribe.heard == ["さき", "あと"]


def test_a_broken_message_is_tried_again_and_then_handed_to_staff(
    town: Town, scribe: Scribe, clock: FixedClock
) -> None:
    scribe.break_on = {"こわれる"}
    inbox.receive("line", [text("e1", "こわれる")])
    for _ in range(worker.INBOX_TRIES):
        worker.work_inbox(no_media)
        clock.advance(timedelta(minutes=2))
    row = Inbound.objects.get()
    assert (row.state, row.attempts, row.text) == ("failed", worker.INBOX_TRIES, "こわれる")
    assert row.last_error == "RuntimeError"
    assert Outbox.objects.count() == 0


def test_a_broken_message_holds_up_nobody_else_and_its_sender_only_until_it_is_given_up(
    town: Town, scribe: Scribe, clock: FixedClock
) -> None:
    scribe.break_on = {"こわれる"}
    inbox.receive("line", [text("e1", "こわれる"), text("e2", "次", after_s=1)])
    inbox.receive("line", [text("e3", "別の人", sender="U2")])
    worker.work_inbox(no_media)
    assert scribe.heard == ["別の人"]
    for _ in range(worker.INBOX_TRIES + 1):
        clock.advance(timedelta(minutes=2))
        worker.work_inbox(no_media)
    assert scribe.heard == ["別の人", "次"]


def test_a_row_leased_by_a_dead_process_is_taken_again_after_its_lease(
    town: Town, scribe: Scribe, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.receive("line", [text("e1", "冠水")])
    with monkeypatch.context() as dies:
        dies.setattr(worker, "_work_one_inbound", lambda *_: None)
        assert worker.work_inbox(no_media) == 1
    assert worker.work_inbox(no_media) == 0
    clock.advance(worker.LEASE + timedelta(seconds=1))
    assert worker.work_inbox(no_media) == 1
    assert scribe.heard == ["冠水"]


def test_a_worker_that_lost_its_lease_changes_nothing(
    town: Town, scribe: Scribe, clock: FixedClock
) -> None:
    import uuid

    inbox.receive("line", [text("e1", "冠水")])
    with current.use(town.pk):
        worker._work_one_inbound(Inbound.objects.get().pk, uuid.uuid4())
    assert scribe.heard == []
    assert Inbound.objects.get().state == "waiting"


def test_nul_is_left_out_and_the_rest_of_the_text_is_kept(town: Town, scribe: Scribe) -> None:
    inbox.receive("line", [text("e1", "冠\x00水")])
    assert Inbound.objects.get().text == "冠水"


def test_a_photo_that_waits_for_room_on_the_disk_for_days_is_still_taken(
    town: Town, scribe: Scribe, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from madoguchi.kernel.files import api as files
    from madoguchi.kernel.messages.data import EventKind, Incoming

    class DiskFull(files.FileRefused):
        retry = True

    def full(content: bytes) -> files.FileRef:
        raise DiskFull("空きがありません。")

    monkeypatch.setattr(files, "accept", full)
    inbox.receive("line", [Incoming("p1", EventKind.IMAGE, "U1", clock.now(), media="123")])
    Inbound.objects.update(attempts=3000)
    worker.work_inbox(lambda *_: b"photo")
    row = Inbound.objects.get()
    assert (row.state, row.attempts) == ("waiting", 3001)
    assert row.next_at == clock.now() + timedelta(seconds=60)
