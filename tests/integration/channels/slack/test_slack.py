"""Slack: staff is told once, of what matters, without a word of a resident."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from madoguchi.channels.slack import channel, health, telling
from madoguchi.channels.slack.channel import SlackChannel
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import inbox, outbox
from madoguchi.kernel.messages.data import Delivery, EventKind, Incoming, Outcome, Outgoing
from madoguchi.kernel.messages.models import Inbound, Outbox

from .conftest import ORIGIN, House

CRY = "布田1丁目の花子です。家が流されて屋根の上にいます。助けて。090-1234-5678"


def hear(text: str, number: int = 1) -> None:
    """A resident writes on the web."""
    event = Incoming(f"e{number}", EventKind.TEXT, f"w{number}", clock.now(), text=text)
    inbox.receive("web", [event])


def test_a_case_of_danger_is_told_once_and_says_nothing_of_its_sender(house: House) -> None:
    hear(CRY)
    house.work()
    case = Case.objects.get()
    assert case.urgency == 3
    [told] = house.slack.posted
    assert "緊急度3" in told
    assert f"{ORIGIN}/staff/cases/{case.number}/" in told
    assert case.place_label in told
    for private in ("花子", "屋根", "090", "助けて"):
        assert private not in told
    cases.set_urgency(case.pk, 2, actor="staff:1")
    cases.set_urgency(case.pk, 3, actor="staff:1")
    house.work()
    assert len(house.slack.posted) == 1


def test_a_case_that_becomes_dangerous_is_told(house: House) -> None:
    case = cases.open_case(service="disaster", title="x", actor="system:test", urgency=1)
    house.work()
    assert house.slack.posted == []
    cases.set_urgency(case.pk, 3, actor="staff:1")
    house.work()
    [told] = house.slack.posted
    assert "場所は確認中" in told


def test_a_drill_says_so(house: House) -> None:
    cases.open_case(service="disaster", title="x", actor="system:test", urgency=3, drill=True)
    house.work()
    assert house.slack.posted[0].startswith("【訓練】")


def test_a_change_that_is_undone_tells_nothing(house: House) -> None:
    with transaction.atomic():
        cases.open_case(service="disaster", title="x", actor="system:test", urgency=3)
        transaction.set_rollback(True)
    house.work()
    assert house.slack.posted == []


def test_failed_deliveries_are_told_together_and_once(house: House) -> None:
    for number in range(3):
        outbox.say("web", f"w{number}", [Outgoing("受け付けました。")])
    house.work()
    assert telling.step() == 3
    assert telling.step() == 0
    house.work()
    [told] = house.slack.posted
    assert "3件" in told
    assert f"{ORIGIN}/staff/deliveries/" in told
    outbox.say("web", "w9", [Outgoing("受け付けました。")])
    house.work()
    assert telling.step() == 1


def test_late_work_is_told_once_an_hour(house: House) -> None:
    hear("こんにちは")
    house.clock.advance(timedelta(minutes=3))
    assert telling.step() == 1
    assert telling.step() == 0
    house.clock.advance(timedelta(hours=1))
    assert telling.step() == 1
    assert Inbound.objects.get().state == "waiting"


def test_its_own_failures_are_no_news(house: House) -> None:
    outbox.say("slack", "staff", [Outgoing("x")])
    Outbox.objects.update(state="refused")
    assert telling.step() == 0


@pytest.mark.parametrize("off", [{"events": []}, {"url_env": ""}])
def test_what_the_town_does_not_want_is_not_told(house: House, off: dict[str, object]) -> None:
    house.town.settings["slack"] |= off
    house.town.save()
    hear(CRY)
    house.clock.advance(timedelta(minutes=30))
    telling.step()
    house.work()
    telling.step()
    assert not Outbox.objects.filter(channel="slack").exists()


def test_a_channel_that_is_switched_off_is_silent(house: House) -> None:
    house.town.settings["channels_off"] = ["slack"]
    house.town.save()
    cases.open_case(service="disaster", title="x", actor="system:test", urgency=3)
    assert not Outbox.objects.filter(channel="slack").exists()
    assert health.condition(house.town) is None


# Delivering


def say(house: House, text: str = "知らせ") -> object:
    """One delivery."""
    delivery = Delivery(str(uuid4()), ("staff",), (Outgoing(text),))
    return SlackChannel.of_town(house.town.pk).deliver(delivery)


def test_markup_is_escaped(house: House) -> None:
    say(house, "<!channel> A & B > C <https://evil.example|here>")
    [told] = house.slack.posted
    assert told == "&lt;!channel&gt; A &amp; B &gt; C &lt;https://evil.example|here&gt;"


def test_one_post_a_second(house: House) -> None:
    assert say(house).outcome is Outcome.SENT
    second = say(house)
    assert second.outcome is Outcome.RETRY
    assert 0 < second.retry_after_s <= 1.0
    assert len(house.slack.posted) == 1


@pytest.mark.parametrize(
    ("status", "retry_after", "outcome", "wait"),
    [
        (429, "30", Outcome.RETRY, 30.0),
        (429, "", Outcome.RETRY, 30.0),
        (500, "", Outcome.RETRY, None),
        (404, "", Outcome.RETRY, channel.SET_UP_S),
        (410, "", Outcome.RETRY, channel.SET_UP_S),
        (403, "", Outcome.RETRY, channel.SET_UP_S),
        (302, "", Outcome.RETRY, None),
        (400, "", Outcome.REFUSED, None),
    ],
)
def test_what_slack_answers(
    house: House, status: int, retry_after: str, outcome: Outcome, wait: float | None
) -> None:
    house.slack.answers.append((status, retry_after))
    receipt = say(house)
    assert (receipt.outcome, receipt.retry_after_s) == (outcome, wait)
    assert "secret" not in receipt.detail
    channel._last.clear()
    assert say(house).outcome is Outcome.SENT


def test_an_address_elsewhere_is_never_used(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MADOGUCHI_SLACK_LOCAL")
    receipt = say(house)
    assert receipt.outcome is Outcome.REFUSED
    assert "Webhook URL" in receipt.detail
    assert house.slack.posted == []
