"""Answered within a day, counted against a plain list."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.services.helpdesk.engine.figures import WithinADay, within_a_day

NOW = datetime(2026, 7, 10, 3, tzinfo=UTC)
HOURS = st.integers(0, 24 * 20)


@given(st.lists(st.tuples(HOURS, st.none() | HOURS)))
def test_every_request_is_counted_once_and_never_as_both(
    told: list[tuple[int, int | None]],
) -> None:
    """Told as (asked hours ago, answered hours after asking, within what has passed)."""
    spans = []
    kept = due = 0
    for ago, after in told:
        asked = NOW - timedelta(hours=ago)
        answered = asked + timedelta(hours=after) if after is not None and after <= ago else None
        spans.append((asked, answered))
        in_time = answered is not None and answered <= asked + timedelta(hours=24)
        kept += in_time
        due += in_time or answered is not None or ago > 24
    assert within_a_day(spans, NOW) == WithinADay(due, kept)


def test_percentages_are_rounded_half_up() -> None:
    assert WithinADay(8, 1).percent == "13 %"  # 12.5
    assert WithinADay(3, 2).percent == "67 %"
    assert WithinADay(0, 0).percent == "—"
