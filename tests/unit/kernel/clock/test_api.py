import threading
from datetime import UTC, datetime, timedelta

import pytest

from madoguchi.kernel.clock import api

AT = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)


def test_a_fixed_clock_moves_only_when_told():
    clock = api.FixedClock(AT)
    with api.use(clock):
        assert api.now() == AT
        clock.advance(timedelta(hours=20))
        assert api.now() == datetime(2026, 7, 1, 23, 0, tzinfo=UTC)


def test_a_fixed_clock_keeps_utc_and_refuses_a_naive_time():
    assert api.FixedClock(datetime(2026, 7, 1, 12, tzinfo=api.JST)).now().tzinfo is UTC
    with pytest.raises(ValueError, match="aware"):
        api.FixedClock(datetime(2026, 7, 1))  # noqa: DTZ001


def test_the_system_clock_is_back_after_use_even_after_an_error():
    with pytest.raises(RuntimeError), api.use(api.FixedClock(AT)):
        raise RuntimeError
    assert api.now() > AT.replace(year=2024)
    assert api.now().utcoffset() == timedelta(0)


def test_another_thread_keeps_its_own_clock():
    seen = []
    with api.use(api.FixedClock(AT)):
        thread = threading.Thread(target=lambda: seen.append(api.now()))
        thread.start()
        thread.join()
    assert seen[0] != AT


def test_jst_is_nine_hours_ahead_and_crosses_midnight():
    late = api.jst(datetime(2026, 7, 1, 15, 0, tzinfo=UTC))
    assert (late.date().isoformat(), late.hour) == ("2026-07-02", 0)
    with pytest.raises(ValueError, match="aware"):
        api.jst(datetime(2026, 7, 1))  # noqa: DTZ001
