"""The time of writing that a device claims: only its difference counts, within bounds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.web.written import AHEAD, OLDEST, SOON, written_at

NOW = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "sending", "age"),
    [
        ("1000", "1000", timedelta(0)),
        ("0", "3600000", timedelta(hours=1)),  # the device thinks it is 1970
        ("9000000000000", "9000090000000", timedelta(hours=25)),  # or the year 2255
        ("0", "59999", timedelta(0)),
        ("0", str(8 * 24 * 3_600_000), OLDEST),
        ("3600000", "0", -AHEAD),
    ],
)
def test_the_difference_of_the_devices_own_times_counts(
    written: str, sending: str, age: timedelta
) -> None:
    assert written_at(written, sending, NOW) == NOW - age


@pytest.mark.parametrize("odd", ["", "x", "-1", "1.5", "９", "\x00", "9" * 400, "1e9", "²"])
def test_what_is_no_time_means_just_now(odd: str) -> None:
    assert written_at(odd, "3600000", NOW) == NOW
    assert written_at("0", odd, NOW) == NOW


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_no_claim_leads_out_of_the_bounds(written: int, sending: int) -> None:
    at = written_at(str(written), str(sending), NOW)
    assert NOW - OLDEST <= at <= NOW + AHEAD
    assert at == NOW or abs(at - NOW) >= min(SOON, AHEAD)
