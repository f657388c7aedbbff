"""The staff home says how far the copy on the standby machine reaches, and what to do."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.towns.models import Town
from madoguchi.web import health, standby


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def line() -> health.Sign:
    (found,) = [sign for sign in health.of_town() if sign.title == "予備機への写し"]
    return found


def test_without_a_standby_machine_nothing_is_said(town: Town, data: Path) -> None:
    assert standby.reach() is None
    assert "予備機への写し" not in [sign.title for sign in health.of_town()]


@pytest.mark.parametrize(
    ("age_s", "well", "text"),
    [(3, True, "3秒前まで"), (10, True, "10秒前まで"), (11, False, "11秒前まで")],
)
def test_ten_seconds_are_well_and_more_is_not(
    town: Town, data: Path, clock: FixedClock, age_s: int, *, well: bool, text: str
) -> None:
    standby.write(data, standby.State(clock.now()))
    clock.advance(timedelta(seconds=age_s))
    sign = line()
    assert (sign.well, sign.text, bool(sign.advice)) == (well, text, not well)


def test_what_is_in_the_way_is_told(town: Town, data: Path, clock: FixedClock) -> None:
    standby.write(data, standby.State(clock.now(), "予備機のフォルダーに書けません。"))
    sign = line()
    assert (sign.well, sign.advice) == (False, "予備機のフォルダーに書けません。")


def test_a_copy_that_never_was_is_no_copy(town: Town, data: Path) -> None:
    standby.write(data, standby.State(None))
    assert (line().well, line().text) == (False, "写しがありません")


def test_a_state_that_cannot_be_read_is_none(town: Town, data: Path) -> None:
    (data / "standby").mkdir()
    (data / "standby/state.json").write_text("{")
    assert standby.read(data) is None
