"""A photo is fetched beside the words: it holds nobody up, and no outage loses it."""

from datetime import timedelta

import pytest

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import inbox, photos, worker
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns.models import Town

from .conftest import START, Scribe, text


class Unavailable(Exception):
    """The channel cannot give the photo; it may be able to later."""

    def __init__(self, *, retry: bool) -> None:
        super().__init__("つながりません")
        self.retry = retry


def photo(clock: FixedClock, sender: str = "U1") -> Incoming:
    return Incoming(f"p-{sender}", EventKind.IMAGE, sender, START, media="123")


def down(*_: object) -> bytes:
    raise Unavailable(retry=True)


def test_words_wait_for_a_photo_before_them_a_moment_and_no_longer(
    town: Town, scribe: Scribe, clock: FixedClock
) -> None:
    inbox.receive("line", [photo(clock), text("e1", "この写真の所です", after_s=5)])
    worker.work_photos(down)
    worker.work_inbox()
    assert scribe.heard == []
    clock.advance(timedelta(seconds=11))
    worker.work_inbox()
    assert scribe.heard == ["この写真の所です"]
    assert Inbound.objects.get(kind="image").state == "waiting"


def test_a_photo_survives_a_channel_that_is_down_for_twenty_minutes(
    town: Town, scribe: Scribe, clock: FixedClock
) -> None:
    inbox.receive("line", [photo(clock)])
    for _ in range(20):
        worker.work_photos(down)
        worker.work_inbox()
        clock.advance(timedelta(minutes=1))
    asked: list[str] = []
    worker.work_photos(lambda _channel, _town, media: asked.append(media) or b"no photo at all")
    assert asked == ["123"]


def test_after_half_an_hour_the_sender_is_asked_to_send_it_again(
    town: Town, scribe: Scribe, clock: FixedClock
) -> None:
    inbox.receive("line", [photo(clock)])
    for _ in range(35):
        worker.work_photos(down)
        clock.advance(timedelta(minutes=1))
    worker.work_inbox()
    row = Inbound.objects.get()
    assert (row.state, row.file_note) == ("done", photos.LOST)


def test_a_photo_that_is_gone_for_good_is_not_asked_for_again(
    town: Town, scribe: Scribe, clock: FixedClock
) -> None:
    inbox.receive("line", [photo(clock)])

    def gone(*_: object) -> bytes:
        raise Unavailable(retry=False)

    worker.work_photos(gone)
    worker.work_inbox()
    assert Inbound.objects.get().state == "done"


def test_an_error_of_our_own_loses_no_photo(
    town: Town, scribe: Scribe, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(content: bytes) -> files.FileRef:
        raise OSError("no space left on device")

    monkeypatch.setattr(files, "accept", full)
    inbox.receive("line", [photo(clock)])
    worker.work_photos(lambda *_: b"photo")
    row = Inbound.objects.get()
    assert (row.state, row.file_note, row.attempts) == ("waiting", "", 1)
