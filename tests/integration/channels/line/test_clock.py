"""Our clock is set back while a reply token dies: the answer still arrives, once."""

from datetime import timedelta

import pytest

from madoguchi.channels import registry
from madoguchi.channels.demo.fake_line.faults import Trouble
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import outbox, worker
from madoguchi.kernel.messages.data import Delivery, Outgoing, Receipt
from madoguchi.kernel.messages.models import Outbox

from .conftest import Account


def to_line(channel: str, town_id: int, delivery: Delivery) -> Receipt:
    return registry.channel_for(channel, town_id).deliver(delivery)


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=1)])
@pytest.mark.parametrize("fails_first", [False, True])
def test_a_token_whose_age_nobody_knows_is_not_taken_for_used(
    account: Account, clock: FixedClock, jump: timedelta, *, fails_first: bool
) -> None:
    """LINE answers "invalid" to a token that is too old as to one that was used."""
    outbox.say(
        "line",
        account.user,
        [Outgoing("受け取りました。")],
        reply_token=account.line.ledger.new_token(account.user),
        reply_token_at=clock.now(),
    )
    if fails_first:
        account.line.faults.plan(Trouble.CLOSE, path="reply")
        worker.work_outbox(to_line, {})
    account.line.advance(120)
    clock.advance(jump + timedelta(seconds=120))
    worker.work_outbox(to_line, {})
    assert [sent.by for sent in account.line.ledger.sent] == ["push"]
    assert Outbox.objects.get().state == "sent"
