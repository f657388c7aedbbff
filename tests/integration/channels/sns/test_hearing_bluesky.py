"""Listening to Bluesky over real WebSockets: the cursor, deletions, and all that passes by."""

from datetime import timedelta

from madoguchi.channels.sns import setup as setups
from madoguchi.channels.sns.models import Feed, Post
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

from ....fakes.sns_jetstream import FakeJetstream
from ....fakes.sns_mastodon import FakeMastodon
from .conftest import Crowd
from .listening import House, cursor, texts

A, B = "did:plc:invented0a", "did:plc:invented0b"


def test_of_everything_that_passes_by_only_what_is_needed_is_kept(
    jetstream: FakeJetstream, house: House, clock: FixedClock
) -> None:
    for n in range(600):
        jetstream.commit("create", A, f"n{n}", clock.now(), f"今日はよい天気 {n}")
        jetstream.commit("delete", A, f"n{n}", clock.now())
    jetstream.commit("create", B, "1", clock.now(), "調布市の布田駅前で停電")
    house.until(texts)
    assert texts() == ["調布市の布田駅前で停電"]
    assert Post.objects.count() == 1
    assert jetstream.asked[0][0] == ("wantedCollections", "app.bsky.feed.post")


def test_a_gap_is_replayed_from_the_cursor_and_nothing_comes_twice(
    jetstream: FakeJetstream, house: House, clock: FixedClock
) -> None:
    jetstream.commit("create", A, "1", clock.now(), "調布市で停電、1号棟")
    jetstream.commit("create", A, "2", clock.now(), "調布市で停電、2号棟")
    house.until(lambda: len(texts()) == 2)
    house.restart()
    clock.advance(timedelta(minutes=3))
    jetstream.commit("delete", A, "1", clock.now())
    jetstream.commit("update", A, "2", clock.now(), "調布市で停電、2号棟は戻りました")
    jetstream.commit("create", B, "3", clock.now(), "調布市で停電、3号棟")
    house.until(lambda: len(texts()) == 3)
    assert texts()[1:] == ["調布市で停電、2号棟は戻りました", "調布市で停電、3号棟"]
    assert Post.objects.exclude(removed_at=None).count() == 1
    again = dict(jetstream.asked[-1])["cursor"]
    assert int(again) == jetstream.history[1]["time_us"] - 5_000_000
    assert int(cursor("bluesky")) == jetstream.history[-1]["time_us"]


def test_an_account_that_is_closed_takes_its_words_along(
    jetstream: FakeJetstream, house: House, clock: FixedClock, crowd: Crowd
) -> None:
    jetstream.commit("create", A, "1", clock.now(), "調布市で停電、1号棟")
    jetstream.commit("create", B, "1", clock.now(), "調布市で停電、2号棟")
    house.until(lambda: len(texts()) == 2)
    jetstream.close_account(A, clock.now())
    house.until(lambda: Post.objects.exclude(removed_at=None).exists())
    crowd.work()
    assert texts() == ["", "調布市で停電、2号棟"]


def test_a_stream_that_is_full_is_tried_again(
    jetstream: FakeJetstream, house: House, clock: FixedClock
) -> None:
    jetstream.full = 3
    jetstream.cut()
    house.until(lambda: jetstream.full == 0)
    assert Feed.objects.filter(problem__contains="429").exists()
    jetstream.commit("create", A, "1", clock.now(), "調布市で停電、1号棟")
    house.until(texts)
    assert not Feed.objects.exclude(problem="").exists()


def test_the_cursor_moves_while_nothing_is_kept(
    jetstream: FakeJetstream, house: House, clock: FixedClock
) -> None:
    for _ in range(3):
        clock.advance(timedelta(seconds=15))
        jetstream.commit("create", A, "1", clock.now(), "よい天気")
        jetstream.send_raw("not json")
    house.until(lambda: Feed.objects.filter(cursor__gt="").exists())
    house.until(lambda: int(cursor("bluesky")) == jetstream.history[-1]["time_us"])
    assert not texts()


def test_both_networks_and_two_towns_at_once(
    town: Town,
    other_town: Town,
    mastodon: FakeMastodon,
    jetstream: FakeJetstream,
    house: House,
    clock: FixedClock,
) -> None:
    other_town.settings = {"sns": {**setups.KEEPER.of(town), "mastodon_on": False}}
    other_town.save()
    house.until(lambda: jetstream.listeners == 2)
    mastodon.write("調布市で停電、1号棟", clock.now())
    jetstream.commit("create", A, "1", clock.now(), "青梅市の東青梅1丁目で停電")
    house.until(texts)

    def theirs() -> list[str]:
        with current.use(other_town.pk):
            return texts()

    house.until(theirs)
    assert (texts(), theirs()) == (["調布市で停電、1号棟"], ["青梅市の東青梅1丁目で停電"])
