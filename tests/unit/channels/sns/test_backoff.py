"""When to try again."""

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.sns.backoff import LONGEST_S, Backoff


def test_the_wait_doubles_and_begins_anew_after_success() -> None:
    backoff = Backoff(lambda: 1.0)
    assert [backoff.failed(0.0) for _ in range(4)] == [1.0, 2.0, 4.0, 8.0]
    assert not backoff.may_try(7.9)
    assert backoff.may_try(8.0)
    backoff.worked()
    assert backoff.failed(0.0) == 1.0


@given(st.floats(0, 1), st.integers(0, 200), st.floats(0, 1000))
def test_no_wait_is_longer_than_wanted_nor_all_the_same(
    luck: float, failures: int, at_least: float
) -> None:
    backoff = Backoff(lambda: luck, failures=failures)
    wait = backoff.failed(5.0, at_least)
    assert at_least <= wait <= max(at_least, LONGEST_S)
    assert wait >= 0.5
    assert backoff.until == 5.0 + wait
