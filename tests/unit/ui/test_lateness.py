"""What staff is told of words that arrived long after they were written."""

from datetime import UTC, datetime, timedelta

import pytest

from madoguchi.ui import lateness

RECEIVED = datetime(2026, 7, 1, 3, 5, tzinfo=UTC)  # 12:05 in Japan


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(0), ""),
        (timedelta(minutes=4, seconds=59), ""),
        (timedelta(seconds=-29), ""),  # clocks differ a little
        (
            timedelta(hours=3),
            "書かれた時刻 7月1日9時5分（通信が戻ってから、7月1日12時5分に届きました）",
        ),
        (
            timedelta(days=7),
            "書かれた時刻は7日以上前とされています。確かめてください（7月1日12時5分に届きました）",
        ),
        (
            timedelta(minutes=-1),
            "書かれた時刻がわかりません（端末の時計が進んでいます。7月1日12時5分に届きました）",
        ),
    ],
)
def test_late_and_odd_times_are_said(age: timedelta, said: str) -> None:
    assert lateness.note(RECEIVED - age, RECEIVED, waited=True) == said


def test_what_did_not_wait_on_a_device_is_not_said_to_have() -> None:
    said = lateness.note(RECEIVED - timedelta(hours=3), RECEIVED, waited=False)
    assert said == "書かれた時刻 7月1日9時5分（7月1日12時5分に届きました）"
