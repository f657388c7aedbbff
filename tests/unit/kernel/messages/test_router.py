"""Who gets a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.messages.router import Bid, Choice, choose

NAMES = st.sampled_from(["disaster", "answers", "rides", "reception"])
BIDS = st.dictionaries(NAMES, st.builds(Bid, st.floats(0, 1), st.just("理由")))
ALARMS = st.dictionaries(NAMES, st.just("命の危険"))


def test_danger_comes_before_an_open_conversation() -> None:
    choice = choose({"disaster": "救助を求めています"}, "answers", {"answers": Bid(1.0, "質問")})
    assert choice == Choice("disaster", "救助を求めています")


def test_an_open_conversation_comes_before_the_bids() -> None:
    choice = choose({}, "answers", {"disaster": Bid(1.0, "冠水")})
    assert choice == Choice("answers", "続きの返事と判断しました")


def test_the_best_bid_wins_with_its_reason() -> None:
    bids = {"answers": Bid(0.4, "質問"), "disaster": Bid(0.9, "冠水")}
    assert choose({}, None, bids) == Choice("disaster", "冠水")


def test_a_tie_goes_to_who_came_first() -> None:
    bids = {"answers": Bid(0.5, "質問"), "disaster": Bid(0.5, "冠水")}
    assert choose({}, None, bids) == Choice("answers", "質問")


def test_nobody_wants_it() -> None:
    assert choose({}, None, {}) is None


@given(ALARMS, st.none() | NAMES, BIDS)
def test_danger_is_never_routed_to_who_did_not_see_it(
    alarms: dict[str, str], open_service: str | None, bids: dict[str, Bid]
) -> None:
    choice = choose(alarms, open_service, bids)
    if alarms:
        assert choice is not None
        assert choice.service in alarms


@given(BIDS)
def test_no_other_bid_is_better(bids: dict[str, Bid]) -> None:
    choice = choose({}, None, bids)
    if choice is None:
        assert bids == {}
    else:
        assert bids[choice.service].score == max(bid.score for bid in bids.values())


@pytest.mark.parametrize("score", [0.0, 1.0])
def test_one_bid_is_enough(score: float) -> None:
    assert choose({}, None, {"rides": Bid(score, "予約")}) == Choice("rides", "予約")
