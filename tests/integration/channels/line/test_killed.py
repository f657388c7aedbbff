"""The process is killed in the middle of sending; another one finds the row and goes on."""

import contextlib
from collections.abc import Callable
from datetime import timedelta

import pytest

from madoguchi.channels import registry
from madoguchi.channels.demo.fake_line.faults import Trouble
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import outbox, worker
from madoguchi.kernel.messages.data import Delivery, Outgoing, Receipt
from madoguchi.kernel.messages.models import Outbox

from .conftest import Account

Answer = Callable[[Delivery], Receipt]
SOON = worker.LEASE + timedelta(seconds=1)
TOO_LATE = timedelta(seconds=61)


class Died(BaseException):
    """The process was killed: no handler of ours sees it."""


def to_line(delivery: Delivery) -> Receipt:
    return registry.channel_for("line", Outbox.objects.get().town_id).deliver(delivery)


def dies_after_the_answer(delivery: Delivery) -> Receipt:
    to_line(delivery)
    raise Died


def dies_before_the_request(delivery: Delivery) -> Receipt:
    raise Died


def work(answer: Answer = to_line) -> None:
    with contextlib.suppress(Died):
        worker.work_outbox(lambda _channel, _town, delivery: answer(delivery), {})


def say(account: Account, clock: FixedClock, token: str = "") -> None:
    token = token or account.line.ledger.new_token(account.user)
    outbox.say(
        "line",
        account.user,
        [Outgoing("受け取りました。")],
        reply_token=token,
        reply_token_at=clock.now(),
    )


def sent(account: Account) -> list[str]:
    return [sent.by for sent in account.line.ledger.sent]


@pytest.mark.parametrize("dies", [dies_after_the_answer, dies_before_the_request])
def test_a_reply_is_found_out_by_its_token(
    account: Account, clock: FixedClock, dies: Answer
) -> None:
    say(account, clock)
    work(dies)
    clock.advance(SOON)
    account.line.advance(SOON.total_seconds())
    work()
    assert sent(account) == ["reply"]
    assert Outbox.objects.get().state == "sent"


def test_only_who_comes_back_after_the_token_has_died_sends_twice(
    account: Account, clock: FixedClock
) -> None:
    """The one case in which nobody can know: silence would be worse."""
    say(account, clock)
    work(dies_after_the_answer)
    clock.advance(TOO_LATE)
    account.line.advance(TOO_LATE.total_seconds())
    work()
    work()
    assert sent(account) == ["reply", "push"]
    assert Outbox.objects.get().state == "sent"


@pytest.mark.parametrize("dies", [dies_after_the_answer, dies_before_the_request])
def test_a_token_that_was_dead_from_the_first_is_pushed_once(
    account: Account, clock: FixedClock, dies: Answer
) -> None:
    say(account, clock, token="0" * 32)
    work()
    assert sent(account) == []
    work(dies)
    clock.advance(SOON)
    work()
    assert sent(account) == ["push"]
    assert Outbox.objects.get().state == "sent"


def test_a_dead_token_is_pushed_at_once_though_line_fails_in_between(
    account: Account, clock: FixedClock
) -> None:
    say(account, clock, token="0" * 32)
    account.line.faults.plan(Trouble.LOST_500, path="push")
    for _ in range(4):
        work()
        clock.advance(timedelta(seconds=3))
    assert sent(account) == ["push"]
    assert Outbox.objects.get().state == "sent"


def test_a_process_that_is_alone_takes_over_without_waiting(
    account: Account, clock: FixedClock
) -> None:
    say(account, clock)
    work(dies_after_the_answer)
    work()
    assert Outbox.objects.get().state == "waiting"
    assert worker.take_over() == 1
    work()
    assert sent(account) == ["reply"]
    assert Outbox.objects.get().state == "sent"
