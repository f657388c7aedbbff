"""A town with a Slack channel for its staff."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from madoguchi.channels.slack import channel
from madoguchi.channels.slack.channel import SlackChannel
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import worker
from madoguchi.kernel.messages.data import Delivery, Outcome, Receipt
from madoguchi.kernel.towns.models import Town

from ....fakes.slack import FakeSlack, running

ORIGIN = "https://madoguchi.example.lg.jp"


@dataclass
class House:
    """The town, its Slack and its clock."""

    town: Town
    slack: FakeSlack
    clock: FixedClock

    def deliver(self, kind: str, town_id: int, delivery: Delivery) -> Receipt:
        """Slack is delivered, residents' channels are down."""
        if kind != "slack":
            return Receipt(Outcome.REFUSED, "届きません。")
        channel._last.clear()
        return SlackChannel.of_town(town_id).deliver(delivery)

    def work(self) -> None:
        """Do what the inbox and outbox threads do."""
        while worker.work_inbox(lambda *_: b""):
            pass
        worker.work_outbox(self.deliver, {})


@pytest.fixture
def house(town: Town, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The town, connected."""
    channel._last.clear()
    with running() as fake:
        monkeypatch.setenv("TEST_SLACK_URL", fake.url)
        monkeypatch.setenv("MADOGUCHI_SLACK_LOCAL", "1")
        town.settings["slack"] = {
            "url_env": "TEST_SLACK_URL",
            "events": ["urgent", "failed", "late"],
            "origin": ORIGIN,
        }
        town.services = ["disaster"]
        town.save()
        yield House(town, fake, clock)
