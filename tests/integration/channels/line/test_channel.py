"""The real client against the stand-in: what arrives, what is tried again, what is given up."""

import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from madoguchi.channels import registry
from madoguchi.channels.base import MediaUnavailable
from madoguchi.channels.demo.fake_line.faults import Trouble
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import outbox, worker
from madoguchi.kernel.messages.data import (
    Delivery,
    Outcome,
    Outgoing,
    QuickReply,
    Receipt,
    ReplyKind,
)
from madoguchi.kernel.messages.models import Outbox

from .conftest import Account

YML = Path(__file__).parents[3] / "fixtures" / "line" / "messaging-api.yml"
API: dict[str, Any] = yaml.safe_load(YML.read_text("utf-8"))
BODIES = {
    "reply": "ReplyMessageRequest",
    "push": "PushMessageRequest",
    "multicast": "MulticastRequest",
}
ASK = Outgoing(
    "場所を教えてください。",
    (
        QuickReply(ReplyKind.LOCATION, "いまいる場所を送る"),
        QuickReply(ReplyKind.TEXT, "場所がわからない", "場所がわからない"),
        QuickReply(ReplyKind.POSTBACK, "はい", "yes"),
        QuickReply(ReplyKind.CAMERA, "写真をとる"),
    ),
)


def delivery(*to: str, attempts: int = 0, token: str = "", **other: Any) -> Delivery:
    key = other.get("key") or str(uuid.uuid4())
    return Delivery(key, to, other.get("messages", (ASK,)), token, 1.0 if token else 0.0, attempts)


def check_bodies(account: Account) -> int:
    """Hold every body that was sent against LINE's published schema; how many there were."""
    schema = {"components": API["components"]}
    asked = [a for a in account.line.ledger.asked if a.path.rsplit("/", 1)[-1] in BODIES]
    for one in asked:
        name = BODIES[one.path.rsplit("/", 1)[-1]]
        wanted = {"$ref": f"#/components/schemas/{name}", **schema}
        jsonschema.Draft202012Validator(wanted).validate(json.loads(one.body))
    return len(asked)


def test_a_push_arrives_with_its_buttons_and_keeps_to_the_schema(account: Account) -> None:
    assert account.channel.deliver(delivery(account.user)).outcome is Outcome.SENT
    (sent,) = account.line.ledger.sent
    actions = [i["action"]["type"] for i in sent.messages[0]["quickReply"]["items"]]  # type: ignore[index]
    assert actions == ["location", "message", "postback", "camera"]
    assert check_bodies(account) == 1
    assert account.line.ledger.broken_rules() == []


def test_many_people_are_one_multicast(account: Account) -> None:
    users = [account.line.person(str(n)) for n in range(500)]
    assert account.channel.deliver(delivery(*users)).outcome is Outcome.SENT
    assert [a.path.rsplit("/", 1)[-1] for a in account.line.ledger.asked] == ["multicast"]
    assert check_bodies(account) == 1


@pytest.mark.parametrize("text", ["あ" * 12_000, "👨‍👩‍👧" * 2000, "一。" * 4000, "\n" * 10 + "a"])
def test_a_long_text_is_sent_in_parts_and_nothing_of_it_is_lost(
    account: Account, text: str
) -> None:
    sent = account.channel.deliver(delivery(account.user, messages=(Outgoing(text),)))
    assert sent.outcome is Outcome.SENT
    arrived = "".join(account.line.ledger.texts_to(account.user))
    assert "".join(arrived.split()) == "".join(text.split())
    check_bodies(account)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(429, Outcome.RETRY), (500, Outcome.RETRY), (503, Outcome.RETRY), (400, Outcome.REFUSED),
     (401, Outcome.REFUSED), (403, Outcome.REFUSED)],
)  # fmt: skip
def test_what_line_answers_decides_what_follows(
    account: Account, status: int, outcome: Outcome
) -> None:
    account.line.faults.plan(Trouble.STATUS, status=status)
    receipt = account.channel.deliver(delivery(account.user))
    assert receipt.outcome is outcome
    assert receipt.detail
    assert account.line.ledger.sent == []


def test_it_waits_as_long_as_line_asks(account: Account) -> None:
    account.line.faults.plan(Trouble.STATUS, status=429, retry_after="17")
    assert account.channel.deliver(delivery(account.user)).retry_after_s == 17


@pytest.mark.parametrize("trouble", [Trouble.LOST_500, Trouble.CLOSE])
def test_an_answer_that_is_lost_never_makes_a_second_message(
    account: Account, trouble: Trouble
) -> None:
    account.line.faults.plan(trouble)
    key = str(uuid.uuid4())
    first = account.channel.deliver(delivery(account.user, key=key))
    second = account.channel.deliver(delivery(account.user, key=key, attempts=1))
    assert (first.outcome, second.outcome) == (Outcome.RETRY, Outcome.SENT)
    assert len(account.line.ledger.texts_to(account.user)) == 1


def test_a_reply_is_used_while_it_lives_and_its_lost_answer_makes_no_second_message(
    account: Account,
) -> None:
    token = account.line.ledger.new_token(account.user)
    account.line.faults.plan(Trouble.LOST_500)
    first = account.channel.deliver(delivery(account.user, token=token))
    second = account.channel.deliver(delivery(account.user, token=token, attempts=1))
    assert (first.outcome, second.outcome) == (Outcome.RETRY, Outcome.SENT)
    assert len(account.line.ledger.texts_to(account.user)) == 1
    check_bodies(account)


def test_line_down_for_an_hour_loses_nothing_and_sends_nothing_twice(
    account: Account, clock: FixedClock
) -> None:
    for number in range(5):
        outbox.say("line", account.user, [Outgoing(f"{number}")])

    def deliver(channel: str, town_id: int, given: Delivery) -> Receipt:
        return registry.channel_for(channel, town_id).deliver(given)

    down: worker.Doors = {}
    account.line.faults.always(Trouble.STATUS, status=503)
    for _ in range(60):
        worker.work_outbox(deliver, down)
        clock.advance(timedelta(minutes=1))
    assert Outbox.objects.filter(state="waiting").count() == 5
    assert account.line.ledger.sent == []
    account.line.faults.clear()
    for _ in range(10):
        worker.work_outbox(deliver, down)
        clock.advance(timedelta(minutes=2))
    assert account.line.ledger.texts_to(account.user) == ["0", "1", "2", "3", "4"]
    assert Outbox.objects.filter(state="sent").count() == 5


def test_a_photo_is_fetched_and_one_that_is_gone_says_so(account: Account) -> None:
    from madoguchi.channels.demo.fake_line.ledger import Content

    account.line.ledger.content["123"] = Content(b"\xff\xd8photo", "image/jpeg")
    assert account.channel.fetch_media("123") == b"\xff\xd8photo"
    with pytest.raises(MediaUnavailable) as gone:
        account.channel.fetch_media("999")
    assert not gone.value.retry
