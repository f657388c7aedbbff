"""What keeps a message from arriving twice, or not at all, at the edges of LINE's rules."""

import uuid
from dataclasses import replace

import pytest

from madoguchi.channels.demo.fake_line.faults import Trouble
from madoguchi.channels.line import channel as line_channel
from madoguchi.kernel.messages.data import Delivery, EventKind, Outcome, Outgoing
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.messages.worker import work_inbox

from .conftest import Account


def delivery(*to: str, text: str = "受け取りました。", token: str = "", age: float = 1) -> Delivery:
    return Delivery(str(uuid.uuid4()), to, (Outgoing(text),), token, age)


def sent_by(account: Account) -> list[str]:
    return [sent.by for sent in account.line.ledger.sent]


def test_a_fresh_token_is_replied_and_an_old_one_pushed(account: Account) -> None:
    for age in (44.9, 45.0):
        token = account.line.ledger.new_token(account.user)
        given = delivery(account.user, token=token, age=age)
        assert account.channel.deliver(given).outcome is Outcome.SENT
    assert sent_by(account) == ["reply", "push"]


@pytest.mark.parametrize("failing", range(3))
def test_a_text_of_several_calls_that_fails_between_them_arrives_once(
    account: Account, failing: int
) -> None:
    text = "".join(f"{number:04d}。" for number in range(11_000))  # 55,000 letters, three calls
    token = account.line.ledger.new_token(account.user)
    given = delivery(account.user, text=text, token=token)
    for _ in range(failing):
        account.line.faults.plan(Trouble.LATE)
    account.line.faults.plan(Trouble.LOST_500)
    assert account.channel.deliver(given).outcome is Outcome.RETRY
    assert account.channel.deliver(replace(given, attempts=1)).outcome is Outcome.SENT
    assert "".join(account.line.ledger.texts_to(account.user)) == text


def test_groups_and_users_of_one_block_each_hear_it_once(account: Account) -> None:
    group, other = account.line.group(account.user), account.line.person("もう一人")
    given = delivery(account.user, group, other, account.user)
    account.line.faults.plan(Trouble.LOST_500)
    assert account.channel.deliver(given).outcome is Outcome.RETRY
    assert account.channel.deliver(replace(given, attempts=1)).outcome is Outcome.SENT
    assert sorted(sent_by(account)) == ["multicast", "multicast", "push"]  # one line a person
    for to in (account.user, group, other):
        assert len(account.line.ledger.texts_to(to)) == 1


def test_an_answer_that_never_comes_is_tried_again(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("madoguchi.channels.line.client.TIMEOUT_S", (0.5, 0.5))
    account.line.faults.plan(Trouble.LOST)
    given = delivery(account.user)
    assert account.channel.deliver(given).outcome is Outcome.RETRY
    assert account.channel.deliver(replace(given, attempts=1)).outcome is Outcome.SENT
    assert len(account.line.ledger.texts_to(account.user)) == 1


def test_a_full_month_goes_to_staff_and_replies_still_work(account: Account) -> None:
    account.line.ledger.quota = 0
    refused = account.channel.deliver(delivery(account.user))
    assert refused.outcome is Outcome.REFUSED
    assert "上限" in refused.detail
    token = account.line.ledger.new_token(account.user)
    replied = account.channel.deliver(delivery(account.user, token=token))
    assert (replied.outcome, replied.used_reply) == (Outcome.SENT, True)


@pytest.mark.parametrize("given", [delivery("U" + "1" * 32, text=" "), delivery()])
def test_nothing_to_say_or_nobody_to_hear_is_told_to_staff(
    account: Account, given: Delivery
) -> None:
    assert account.channel.deliver(given).outcome is Outcome.REFUSED
    assert account.line.ledger.asked == []


def test_a_town_without_usable_settings_is_told_to_staff(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    from madoguchi.kernel.towns import current

    monkeypatch.delenv("TEST_LINE_TOKEN")
    channel = line_channel.LineChannel.of_town(current.town_id())
    receipt = channel.deliver(delivery(account.user))
    assert receipt.outcome is Outcome.REFUSED
    assert "TEST_LINE_TOKEN" in receipt.detail


@pytest.mark.parametrize(
    "event",
    [
        {"type": "unsend", "unsend": {"messageId": "1"}},
        {"type": "beacon", "replyToken": "t"},
        {"mode": "standby", "replyToken": "t"},
    ],
)
def test_who_did_not_speak_to_us_hears_nothing(account: Account, event: dict[str, object]) -> None:
    told = account.event(1, "冠水") | event
    assert account.post({"destination": account.line.bot_id, "events": [told]}) == 200
    assert work_inbox(lambda *_: b"") == 1
    row = Inbound.objects.get()
    assert row.kind in (EventKind.OTHER.value, EventKind.UNSEND.value)
    assert row.state == Inbound.State.DONE
    assert not Outbox.objects.exists()
