"""The stand-in fails in the ways in which LINE may fail, on command."""

import time

import httpx
import pytest

from madoguchi.channels.demo.fake_line import server
from madoguchi.channels.demo.fake_line.faults import Trouble

from .conftest import NOWHERE, SECRET, TOKEN, Hand
from .refusals import Call, push, says


def test_a_status_is_answered_once_and_nothing_is_sent(hand: Hand) -> None:
    hand.line.faults.plan(Trouble.STATUS, status=429, retry_after="7")
    answer = hand.call(push()(hand))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert hand.line.ledger.sent == []
    assert hand.call(push()(hand)).status_code == 200


def test_a_fault_concerns_its_path_alone(hand: Hand) -> None:
    hand.line.faults.plan(Trouble.STATUS, path="/message/push")
    assert hand.call(Call("GET", "/v2/bot/info")).status_code == 200
    assert hand.call(push()(hand)).status_code == 500


def test_a_late_answer_comes_after_the_messages_are_sent_late(hand: Hand) -> None:
    hand.line.faults.plan(Trouble.LATE, seconds=0.3)
    began = time.monotonic()
    assert hand.call(push()(hand)).status_code == 200
    assert time.monotonic() - began >= 0.3
    assert len(hand.line.ledger.sent) == 1


@pytest.mark.parametrize(("trouble", "sent"), [(Trouble.CLOSE, 0), (Trouble.LOST, 1)])
def test_a_connection_that_closes_tells_nothing(hand: Hand, trouble: Trouble, sent: int) -> None:
    hand.line.faults.plan(trouble)
    with pytest.raises(httpx.RemoteProtocolError):
        hand.call(push()(hand))
    assert len(hand.line.ledger.sent) == sent


def test_a_500_may_hide_that_the_messages_were_sent(hand: Hand) -> None:
    hand.line.faults.plan(Trouble.LOST_500)
    assert hand.call(push()(hand)).status_code == 500
    assert len(hand.line.ledger.sent) == 1


def test_a_request_that_hangs_ends_with_the_stand_in() -> None:
    line = server.start(NOWHERE, SECRET, TOKEN)
    line.faults.always(Trouble.HANG)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{line.host}/v2/bot/info", timeout=0.2, trust_env=False)
    began = time.monotonic()
    line.stop()
    assert time.monotonic() - began < 5
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{line.host}/v2/bot/info", trust_env=False)


def test_a_standing_fault_lasts_until_it_is_cleared(hand: Hand) -> None:
    hand.line.faults.always(Trouble.STATUS, status=503)
    assert [hand.call(says({"type": "text", "text": "a"})(hand)).status_code for _ in "ab"] == [
        503,
        503,
    ]
    hand.line.faults.clear()
    assert hand.call(push()(hand)).status_code == 200
