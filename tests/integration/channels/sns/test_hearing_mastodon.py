"""Listening to Mastodon over real WebSockets: reconnects, cursors, garbage, limits, pictures."""

import io
import json
import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import OperationalError
from PIL import Image

from madoguchi.channels.sns.channel import SnsChannel
from madoguchi.channels.sns.collecting import Stations
from madoguchi.channels.sns.models import Feed, Post
from madoguchi.channels.sns.reach import Caller
from madoguchi.channels.sns.station import Means
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.files.models import StoredFile
from madoguchi.kernel.messages import inbox, worker
from madoguchi.kernel.messages.data import Incoming
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster.models import Photo, Report

from ....fakes.sns_mastodon import TAG, TOKEN, FakeMastodon
from .conftest import Crowd, set_up
from .listening import PATIENCE_S, House, texts


def test_a_post_comes_in_over_the_wire(
    mastodon: FakeMastodon, house: House, clock: FixedClock
) -> None:
    first = mastodon.write("国領町3丁目が冠水 &amp; 停電", clock.now())
    house.until(texts)
    assert texts() == ["国領町3丁目が冠水 & 停電"]
    house.until(lambda: Feed.objects.filter(cursor=first).exists())
    assert [json.loads(said) for said in mastodon.said] == [
        {"type": "subscribe", "stream": "hashtag", "tag": TAG}
    ]
    mastodon.delete(first)
    house.until(lambda: texts() == [""] or Inbound.objects.filter(kind="unsend").exists())
    assert Post.objects.get().removed_at is not None


def test_what_was_written_changed_and_deleted_in_a_gap_is_caught_up(
    mastodon: FakeMastodon, house: House, clock: FixedClock
) -> None:
    ids = [mastodon.write(f"調布市で停電、{n}号棟", clock.now()) for n in range(3)]
    house.until(lambda: len(texts()) == 3)
    house.until(lambda: Feed.objects.filter(cursor=ids[-1]).exists())
    house.restart()  # nobody listens
    clock.advance(timedelta(minutes=1))
    for n in range(3, 90):
        mastodon.write(f"調布市で停電、{n}号棟", clock.now())
    mastodon.edit(ids[0], "調布市で停電、0号棟は戻りました", clock.now())
    mastodon.delete(ids[1])
    house.until(lambda: len(texts()) == 90)
    house.until(lambda: Post.objects.filter(removed_at__isnull=False).exists())
    assert texts()[0] == "調布市で停電、0号棟は戻りました"
    house.until(lambda: Feed.objects.filter(cursor=max(mastodon.statuses, key=int)).exists())


def test_a_post_that_arrives_late_from_elsewhere_is_not_missed(
    mastodon: FakeMastodon, house: House, clock: FixedClock
) -> None:
    mastodon.write("調布市で停電、1号棟", clock.now())
    house.until(texts)
    house.restart()
    mastodon.write("調布市で停電、2号棟", clock.now() - timedelta(minutes=5))
    house.until(lambda: len(texts()) == 2)


def test_connections_that_break_are_made_again_and_nothing_is_lost(
    mastodon: FakeMastodon, house: House, clock: FixedClock
) -> None:
    for n in range(12):
        mastodon.write(f"調布市で停電、{n}号棟", clock.now())
        if n % 3 == 0:
            mastodon.cut()
        house.step()
    house.until(lambda: len(set(texts())) == 12)
    assert len(texts()) == 12
    house.until(lambda: mastodon.listeners)
    house.until(lambda: not Feed.objects.exclude(problem="").exists())


def test_frames_twice_in_any_order_and_garbage_change_nothing(
    mastodon: FakeMastodon, house: House, clock: FixedClock
) -> None:
    first = mastodon.write("調布市で停電、1号棟", clock.now())
    status = json.dumps(mastodon.statuses[first])
    update = json.dumps({"stream": ["hashtag", TAG], "event": "update", "payload": status})
    delete = json.dumps({"stream": ["hashtag", TAG], "event": "delete", "payload": "77"})
    late = {**mastodon.statuses[first], "id": "77", "content": "<p>調布市で停電、77号棟</p>"}
    update_77 = json.dumps({**json.loads(update), "payload": json.dumps(late)})
    for frame in ("", "{", "[]", "null", '{"event": 1}', update, delete, update_77, update, "\x00"):
        mastodon.send_raw(frame)
    mastodon.write("調布市で停電、2号棟", clock.now())
    house.until(lambda: len(texts()) == 2)
    for _ in range(3):
        house.step()
    assert texts() == ["調布市で停電、1号棟", "調布市で停電、2号棟"]


def test_a_server_that_wants_us_to_wait_is_left_alone_so_long(
    mastodon: FakeMastodon, house: House, clock: FixedClock
) -> None:
    house.restart()
    mastodon.limited = 1
    house.step()
    assert "混んでいる" in Feed.objects.exclude(problem="").get().problem
    asked = len(mastodon.asked)
    house.shift += 60
    house.step()
    assert len(mastodon.asked) == asked
    mastodon.write("調布市で停電、1号棟", clock.now())
    house.shift += 65
    house.until(texts)


def test_a_wrong_token_is_said_to_staff(town: Town, mastodon: FakeMastodon, house: House) -> None:
    set_up(town, mastodon_token_env="ANOTHER")
    house.stations = [
        Stations(Means(Caller(local=True), time.monotonic, lambda: 1.0), {"ANOTHER": "x" * 20})
    ]
    house.step()
    assert Feed.objects.filter(problem__contains="接続を断りました（401）").exists()


def test_a_streaming_host_elsewhere_is_not_called_unless_it_is_allowed(
    town: Town, mastodon: FakeMastodon, house: House
) -> None:
    mastodon.streaming = "collector.example"
    house.restart()
    house.step()
    assert Feed.objects.filter(problem__contains="別のサーバー").exists()
    set_up(town, mastodon_other_hosts=["collector.example"])
    house.shift += 600
    house.step()
    assert not Feed.objects.filter(problem__contains="別のサーバー").exists()


def test_what_could_not_be_kept_comes_again(
    mastodon: FakeMastodon, house: House, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    receive = inbox.receive

    def full_once(channel: str, events: Sequence[Incoming]) -> int:
        tried.append(channel)
        if len(tried) == 1:
            raise OperationalError("database or disk is full")
        return receive(channel, events)

    monkeypatch.setattr(inbox, "receive", full_once)
    mastodon.write("調布市で停電、1号棟", clock.now())
    house.until(texts)
    assert texts() == ["調布市で停電、1号棟"]
    assert len(tried) == 2


def test_switching_off_hangs_up(town: Town, mastodon: FakeMastodon, house: House) -> None:
    set_up(town, mastodon_on=False)
    house.step()
    end = time.monotonic() + PATIENCE_S
    while mastodon.listeners and time.monotonic() < end:
        time.sleep(0.01)
    assert mastodon.listeners == 0


def test_a_flood_faster_than_we_read_is_read_to_the_end(
    mastodon: FakeMastodon, house: House, clock: FixedClock, town: Town
) -> None:
    set_up(town, daily_limit=5)
    house.until(lambda: mastodon.listeners)
    for n in range(1500):
        mastodon.write(f"ひまです {n}", clock.now())
    last = mastodon.write("調布市で停電、1号棟", clock.now())
    house.until(lambda: Feed.objects.filter(cursor=last).exists())
    assert texts() == ["調布市で停電、1号棟"]
    assert Post.objects.count() == 1


# Pictures


def jpeg() -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "blue").save(out, "JPEG")
    return out.getvalue()


def fetch(channel: str, town: int, media: str) -> bytes:
    """As the thread that fetches photos does it."""
    assert channel == "sns"
    return SnsChannel(town).fetch_media(media)


def test_pictures_join_the_words_and_come_from_the_servers_own_host_alone(
    mastodon: FakeMastodon,
    house: House,
    clock: FixedClock,
    crowd: Crowd,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOKEN_OF_TESTS", TOKEN)
    own = mastodon.picture("1.jpg", jpeg())
    own["url"] = own["url"].replace("https://", "http://")
    other = {"type": "image", "url": "https://elsewhere.example/2.jpg"}
    mastodon.write("調布市の布田駅前で停電", clock.now(), media_attachments=[own, other])
    house.until(texts)
    while worker.work_inbox(fetch):
        pass
    report = Report.objects.get()
    assert Photo.objects.get().report == report
    assert StoredFile.objects.count() == 1
    rows = Inbound.objects.filter(kind="image").order_by("id")
    assert [row.file_note for row in rows] == [
        "",
        "写真を受け取れませんでした。もう一度お送りください。",
    ]
    assert [row.state for row in rows] == ["done", "done"]


def test_pictures_of_what_is_flagged_are_not_fetched(
    mastodon: FakeMastodon, house: House, clock: FixedClock
) -> None:
    own = mastodon.picture("1.jpg", jpeg())
    mastodon.write("調布市でけが人", clock.now(), media_attachments=[own], sensitive=True)
    house.until(texts)
    assert not Inbound.objects.filter(kind="image").exists()
