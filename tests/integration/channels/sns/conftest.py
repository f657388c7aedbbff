"""A town that hears open posts, and somebody who posts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from madoguchi.channels.sns import setup as setups
from madoguchi.channels.sns import taking
from madoguchi.channels.sns.data import Event, Network, OpenPost, Outcome
from madoguchi.channels.sns.taking import Terms
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import worker
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns.models import Town

from ....fakes.sns_jetstream import FakeJetstream
from ....fakes.sns_line import running
from ....fakes.sns_mastodon import TAG, FakeMastodon
from .listening import House

KEY = "the-key-of-the-tests"
FLOOD = "調布市の国領町3丁目の道路が冠水、車が動けません"


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    """A data folder of this test alone."""
    settings.DATA = tmp_path
    return tmp_path


def set_up(town: Town, **given: Any) -> None:
    """Put settings of social networks into the town's row."""
    town.settings = {**town.settings, "sns": {**setups.KEEPER.of(town), **given}}
    town.save(update_fields=["settings"])


@pytest.fixture
def hearing(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The town with its webhook switched on."""
    monkeypatch.setenv("SNS_KEY_OF_TESTS", KEY)
    set_up(town, inbox_on=True, inbox_secret_env="SNS_KEY_OF_TESTS")
    return town


@dataclass
class Crowd:
    """People who post; what they post is taken as a stream brings it."""

    town: Town
    clock: FixedClock
    limit: int = 100
    made: list[OpenPost] = field(default_factory=list)

    def post(self, text: str = FLOOD, **other: Any) -> OpenPost:
        """A new post, not yet taken."""
        self.clock.advance(timedelta(seconds=10))
        number = len(self.made) + 1
        given: dict[str, Any] = {
            "network": Network.MASTODON,
            "id": f"mastodon.example/{number}",
            "author": f"person{number}@mastodon.example",
            "text": text,
            "posted_at": self.clock.now(),
            "url": f"https://mastodon.example/@person{number}/{number}",
        }
        self.made.append(OpenPost(**given | other))
        return self.made[-1]

    def bring(self, *events: Event, remembers: bool = True) -> list[Outcome]:
        """Let a stream bring events, and the worker do its work."""
        sieve = setups.sieve_of(self.town)
        found = taking.take(events, Terms(sieve.lets_in, self.limit, remembers))
        self.work()
        return found

    def work(self) -> None:
        """Let the inbox be worked on until nothing is left."""
        while worker.work_inbox(no_pictures):
            pass


def no_pictures(channel: str, town: int, media: str) -> bytes:
    """Pictures are for the tests of pictures."""
    raise AssertionError(media)


@pytest.fixture
def crowd(town: Town, clock: FixedClock) -> Crowd:
    """Nobody has posted yet."""
    return Crowd(town, clock)


def told() -> list[Inbound]:
    """What stands in the inbox, in its order."""
    return list(Inbound.objects.filter(channel="sns").order_by("id"))


def browser(role: str) -> Client:
    """A browser in which somebody with this role is signed in."""
    member = people.add_staff(f"{role}-of-sns", "職員", role, actor="system:test")
    client = Client()
    client.force_login(member.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    return client


@pytest.fixture
def operator(town: Town) -> Client:
    """Who pastes."""
    return browser("operator")


@pytest.fixture
def admin(town: Town) -> Client:
    """Who switches on."""
    return browser("admin")


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """One process."""
    settings.SNS_LOCAL = True
    made = House()
    yield made
    made.stations[0].close()


@pytest.fixture
def mastodon(town: Town, house: House) -> Iterator[FakeMastodon]:
    """A server that the town listens to."""
    network = FakeMastodon()
    with running(network) as host:
        network.host = host
        set_up(
            town,
            mastodon_on=True,
            mastodon_host=host,
            mastodon_token_env="TOKEN_OF_TESTS",
            hashtags=[TAG],
        )
        house.until(lambda: network.listeners)
        house.until(lambda: f"/api/v1/timelines/tag/{quote(TAG)}" in network.asked)
        yield network
        network.cut()


@pytest.fixture
def jetstream(town: Town, house: House) -> Iterator[FakeJetstream]:
    """A Jetstream that the town listens to."""
    network = FakeJetstream()
    with running(network) as host:
        set_up(town, bluesky_on=True, bluesky_host=host)
        house.until(lambda: network.listeners)
        yield network
        network.cut()
