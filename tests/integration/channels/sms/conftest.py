"""A town with SMS at a strict stand-in for its provider."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from madoguchi.channels.sms import twilio
from madoguchi.channels.sms.channel import SmsChannel
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import worker
from madoguchi.kernel.messages.data import Delivery, Receipt
from madoguchi.kernel.towns.models import Town

from ....fakes.twilio import ACCOUNT, TOKEN, FakeTwilio, running

ORIGIN = "https://madoguchi.example.lg.jp"
PHONE = "+819012345678"


@dataclass
class House:
    """The town, its provider and its clock."""

    town: Town
    twilio: FakeTwilio
    clock: FixedClock

    @property
    def channel(self) -> SmsChannel:
        """The town's channel as the outbox thread makes it."""
        return SmsChannel.of_town(self.town.pk)

    def deliver(self, kind: str, town_id: int, delivery: Delivery) -> Receipt:
        """What the runtime hands to the outbox."""
        assert kind == "sms"
        return self.channel.deliver(delivery)

    def send_all(self) -> None:
        """Try what waits in the outbox."""
        worker.work_outbox(self.deliver, {})

    def call(self, path: str, said: dict[str, str], token: str = TOKEN) -> int:
        """The provider calls us, with its signature."""
        signed = twilio.signature(token, ORIGIN + path, said)
        headers = {"X-Twilio-Signature": signed}
        return Client().post(path, said, headers=headers).status_code


@pytest.fixture
def house(town: Town, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The town, connected."""
    with running(clock) as fake:
        monkeypatch.setenv("TEST_SMS_TOKEN", TOKEN)
        monkeypatch.setenv("MADOGUCHI_SMS_HOST", fake.host)
        town.settings["sms"] = {
            "account_sid": ACCOUNT,
            "token_env": "TEST_SMS_TOKEN",
            "sender": fake.sender,
            "yen": 10,
            "origin": ORIGIN,
            "can_answer": True,
        }
        town.services = ["disaster"]
        town.save()
        yield House(town, fake, clock)
