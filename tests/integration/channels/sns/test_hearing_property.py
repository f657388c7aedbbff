"""Whatever comes over the lines, in whatever order, whenever the process dies: once, and erased.

Two machines play people, a network and our process against each other, without sockets. The oracle
is the network's own state at the end: of each post that stands there the words of its last edit are
in the inbox exactly once; of each post that was deleted there is no word anywhere.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from madoguchi.channels.sns import taking
from madoguchi.channels.sns.hearing_bluesky import BlueskyStation
from madoguchi.channels.sns.hearing_mastodon import MastodonStation
from madoguchi.channels.sns.models import Post
from madoguchi.channels.sns.reach import Caller
from madoguchi.channels.sns.setup import Mastodon
from madoguchi.channels.sns.station import Means, Station
from madoguchi.channels.sns.taking import Terms
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import worker
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster.models import Report

from ....fakes.sns_jetstream import FakeJetstream
from ....fakes.sns_line import InProcess, Killed
from ....fakes.sns_mastodon import TAG, TOKEN, FakeMastodon

GARBAGE = (
    "",
    "{",
    "null",
    '{"event":"update","payload":"{}"}',
    '{"kind":"commit","did":7}',
    "\ud800",
)
TERMS = Terms(lambda _post, _now: True, None)


class Listening(RuleBasedStateMachine):
    """What both networks have in common."""

    clock: FixedClock

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.network: Any = self.make_network()
        self.caller = InProcess(self.network)
        self.monotonic = 0.0
        self.number = 0
        self.deleted: set[str] = set()
        self.station = self.make_station()

    def make_network(self) -> Any:
        """The stand-in."""
        raise NotImplementedError

    def make_station(self) -> Station:
        """Our side, as it is after a start."""
        raise NotImplementedError

    def means(self) -> Means:
        """The lines without sockets, and a clock that stands."""
        return Means(cast(Caller, self.caller), lambda: self.monotonic, lambda: 1.0)

    def words(self) -> str:
        """Words that nobody else said."""
        self.number += 1
        self.clock.advance(timedelta(seconds=1))
        return f"調布市で停電、{self.number}号棟"

    def listen(self) -> None:
        """Our side looks once; when it dies, another process takes its place."""
        self.monotonic += 400.0  # longer than any wait
        try:
            self.station.step()
        except Killed:
            self.caller.dies_after = None
            for line in self.caller.lines:
                line.dies_after = None
                line.close()
            self.station = self.make_station()

    @rule()
    def look(self) -> None:
        self.listen()

    @rule()
    def the_line_breaks(self) -> None:
        self.network.cut()

    @rule(down=st.booleans())
    def the_network_is_down(self, down: bool) -> None:
        self.caller.down = down
        self.network.cut()

    @rule(steps=st.integers(0, 6))
    def die_while_reading(self, steps: int) -> None:
        for line in self.caller.lines:
            if not line.closed:
                line.dies_after = steps
        self.listen()

    @rule(steps=st.integers(0, 6))
    def die_while_asking(self, steps: int) -> None:
        self.network.cut()
        self.caller.dies_after = steps
        self.listen()
        self.caller.dies_after = None

    @rule(frame=st.sampled_from(GARBAGE))
    def garbage(self, frame: str) -> None:
        self.network.send_raw(frame)

    @rule()
    def the_inbox_is_worked_on(self) -> None:
        worker.work_inbox(_no_pictures)

    @invariant()
    def nothing_comes_twice(self) -> None:
        rows = Inbound.objects.filter(channel="sns", kind="text").values_list("message", flat=True)
        assert len(set(rows)) == len(rows)

    def standing(self) -> dict[str, str]:
        """The words of each post that stands in the network, by our key."""
        raise NotImplementedError

    def teardown(self) -> None:
        try:
            self.all_comes_to_rest()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    def all_comes_to_rest(self) -> None:
        self.caller.down = False
        self.caller.dies_after = None
        self.network.cut()
        for _ in range(12):
            self.listen()
        while worker.work_inbox(_no_pictures):
            pass
        rows = Inbound.objects.filter(channel="sns", kind="text")
        said = {row.message: row.text for row in rows}
        standing = self.standing()
        assert {key: said.get(key) for key in standing} == standing
        assert not [text for key, text in said.items() if key in self.deleted and text]
        assert set(said) <= standing.keys() | self.deleted
        gone = Inbound.objects.filter(channel="sns", kind="unsend")
        assert gone.count() == gone.values("message").distinct().count()
        told = set(Report.objects.exclude(text="").values_list("text", flat=True))
        assert told == set(standing.values())
        kept = Post.objects.filter(key__in=self.deleted)
        assert not kept.exclude(native_id="", url="", author="").exists()


class OnMastodon(Listening):
    """One server with a hashtag."""

    def make_network(self) -> FakeMastodon:
        return FakeMastodon()

    def make_station(self) -> MastodonStation:
        account = Mastodon("mastodon.example", TOKEN, (f"hashtag:{TAG}",))
        return MastodonStation(account, TERMS, self.means())

    @initialize()
    def the_first_look(self) -> None:
        self.network.write(self.words(), self.clock.now())
        self.listen()

    def key(self, id_: str) -> str:
        return taking.key_of(taking.Network.MASTODON, f"mastodon.example/{id_}")

    def standing(self) -> dict[str, str]:
        return {
            self.key(id_): status["content"].removeprefix("<p>").removesuffix("</p>")
            for id_, status in self.network.statuses.items()
        }

    @rule(late=st.sampled_from([0, 0, 300]))
    def somebody_writes(self, late: int) -> None:
        self.network.write(self.words(), self.clock.now() - timedelta(seconds=late))

    @precondition(lambda self: self.network.statuses)
    @rule(pick=st.integers(0, 50))
    def somebody_edits(self, pick: int) -> None:
        ids = sorted(self.network.statuses)
        self.network.edit(ids[pick % len(ids)], self.words(), self.clock.now())

    @precondition(lambda self: self.network.statuses)
    @rule(pick=st.integers(0, 50))
    def somebody_deletes(self, pick: int) -> None:
        ids = sorted(self.network.statuses)
        id_ = ids[pick % len(ids)]
        self.deleted.add(self.key(id_))
        self.network.delete(id_)

    @rule(seed=st.integers(0, 5))
    def frames_overtake_each_other_and_come_twice(self, seed: int) -> None:
        for line in self.caller.lines:
            frames = [*line.waiting, *list(line.waiting)[:3]]
            random.Random(seed).shuffle(frames)
            line.waiting.clear()
            line.waiting.extend(frames)

    @rule()
    def the_server_wants_us_to_wait(self) -> None:
        self.network.cut()
        self.network.limited = 1
        self.listen()
        self.network.limited = 0


class OnBluesky(Listening):
    """Three accounts; what one of them does comes in its order, as Jetstream promises."""

    def __init__(self) -> None:
        self.posts: dict[tuple[str, str], str] = {}
        super().__init__()

    def make_network(self) -> FakeJetstream:
        return FakeJetstream()

    def make_station(self) -> BlueskyStation:
        terms = Terms(TERMS.lets_in, None, remembers=False)
        return BlueskyStation("jetstream.example", terms, self.means())

    @initialize()
    def the_first_look(self) -> None:
        self.listen()

    def key(self, did: str, rkey: str) -> str:
        return taking.key_of(taking.Network.BLUESKY, f"{did}/{rkey}")

    def standing(self) -> dict[str, str]:
        return {self.key(did, rkey): text for (did, rkey), text in self.posts.items()}

    @rule(who=st.integers(0, 2))
    def somebody_writes(self, who: int) -> None:
        did, text = f"did:plc:person{who}", self.words()
        rkey = f"r{self.number}"
        self.posts[did, rkey] = text
        self.network.commit("create", did, rkey, self.clock.now(), text)

    @precondition(lambda self: self.posts)
    @rule(pick=st.integers(0, 50))
    def somebody_edits(self, pick: int) -> None:
        did, rkey = sorted(self.posts)[pick % len(self.posts)]
        self.posts[did, rkey] = text = self.words()
        self.network.commit("update", did, rkey, self.clock.now(), text)

    @precondition(lambda self: self.posts)
    @rule(pick=st.integers(0, 50))
    def somebody_deletes(self, pick: int) -> None:
        did, rkey = sorted(self.posts)[pick % len(self.posts)]
        del self.posts[did, rkey]
        self.deleted.add(self.key(did, rkey))
        self.clock.advance(timedelta(seconds=1))
        self.network.commit("delete", did, rkey, self.clock.now())

    @rule(who=st.integers(0, 2))
    def somebody_leaves(self, who: int) -> None:
        did = f"did:plc:person{who}"
        for mine in [key for key in self.posts if key[0] == did]:
            del self.posts[mine]
            self.deleted.add(self.key(*mine))
        self.clock.advance(timedelta(seconds=1))
        self.network.close_account(did, self.clock.now())

    @rule()
    def frames_come_twice(self) -> None:
        for line in self.caller.lines:
            line.waiting.extend(list(line.waiting)[-3:])


def _no_pictures(channel: str, town: int, media: str) -> bytes:
    raise AssertionError(media)


@pytest.mark.parametrize("kind", [OnMastodon, OnBluesky])
def test_every_post_comes_once_and_deletions_win(
    kind: type[Listening], town: Town, clock: FixedClock
) -> None:
    machine = type(kind.__name__, (kind,), {"clock": clock})
    run_state_machine_as_test(
        cast(Callable[[], RuleBasedStateMachine], machine),
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # to shrink a failure takes minutes
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )
    assert clock.now() > datetime(2026, 7, 1, tzinfo=UTC)
