"""What an answer of LINE means."""

import pytest

from madoguchi.channels.line.client import NO_ANSWER, Answer
from madoguchi.channels.line.verdict import media_detail, menu_detail, receipt, reply_token_dead
from madoguchi.kernel.messages.data import Outcome

MONTH = "You have reached your monthly limit."


@pytest.mark.parametrize(
    ("answer", "outcome", "says"),
    [
        (Answer(200), Outcome.SENT, ""),
        (Answer(409, "The retry key is already accepted"), Outcome.SENT, ""),
        (Answer(NO_ANSWER), Outcome.RETRY, "応答がありません"),
        (Answer(408), Outcome.RETRY, "自動で送り直"),
        (Answer(429, "The API rate limit has been exceeded."), Outcome.RETRY, "混み合って"),
        (Answer(302), Outcome.RETRY, "障害"),
        (Answer(500), Outcome.RETRY, "障害"),
        (Answer(503), Outcome.RETRY, "障害"),
        (Answer(429, MONTH), Outcome.REFUSED, "上限"),
        (Answer(400), Outcome.REFUSED, "別の方法"),
        (Answer(401), Outcome.REFUSED, "チャネルアクセストークンを確認"),
        (Answer(403), Outcome.REFUSED, "権限を確認"),
        (Answer(404), Outcome.REFUSED, "host"),
        (Answer(413), Outcome.REFUSED, "短くして"),
        (Answer(418), Outcome.REFUSED, "418"),
    ],
)
def test_each_answer(answer: Answer, outcome: Outcome, says: str) -> None:
    read = receipt(answer)
    assert read.outcome is outcome
    assert says in read.detail


def test_staff_never_reads_what_line_wrote() -> None:
    assert "U123" not in receipt(Answer(400, "to U123 is invalid")).detail


def test_only_a_reply_token_is_a_dead_reply_token() -> None:
    assert reply_token_dead(Answer(400, "Invalid reply token"))
    assert not reply_token_dead(Answer(400, "Invalid to"))
    assert not reply_token_dead(Answer(500, "Invalid reply token"))


@pytest.mark.parametrize("status", [202, 0, 500, 401, 404, 410])
def test_a_photo_or_menu_that_is_missing_is_explained(status: int) -> None:
    assert media_detail(Answer(status)).endswith("。")
    assert menu_detail(Answer(status)).endswith("。")
