"""What is in force: asked once for many pages, anew when it changed, by town."""

import pytest

from madoguchi.kernel.towns import current
from madoguchi.ui import cache, warnings
from madoguchi.ui.warnings import Level, Warning
from madoguchi.ui.words import Words


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The towns for which the only source was asked, in order."""
    towns: list[int] = []

    def source() -> list[Warning]:
        towns.append(current.town_id())
        text = Words(f"町{current.town_id()}")
        return [Warning(level, text, text) for level in (Level.CAUTION, Level.EMERGENCY)]

    monkeypatch.setattr(warnings, "_sources", {source: ""})
    monkeypatch.setattr(warnings, "_kept", {})
    return towns


def test_a_source_is_asked_once_for_many_pages_and_anew_after_a_change(asked: list[int]) -> None:
    with current.use(1):
        for _ in range(3):
            assert [w.level for w in warnings.in_force([])] == [Level.EMERGENCY, Level.CAUTION]
        assert asked == [1]
        cache.changed(1)
        warnings.in_force([])
        assert asked == [1, 1]


def test_what_was_asked_is_forgotten_after_a_while(
    asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([0.0, warnings.LIFETIME_S - 0.01, warnings.LIFETIME_S])
    monkeypatch.setattr(warnings.time, "monotonic", lambda: next(moments))
    with current.use(1):
        for _ in range(3):
            warnings.in_force([])
    assert asked == [1, 1]


def test_towns_do_not_share_what_is_in_force(asked: list[int]) -> None:
    for town in (1, 2, 1):
        with current.use(town):
            assert warnings.in_force([])[0].text.ja == f"町{town}"
    assert asked == [1, 2]


def test_the_most_pressing_warning_of_all_sources_stands_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(warnings, "_sources", {})
    monkeypatch.setattr(warnings, "_kept", {})

    def weather() -> list[Warning]:
        return [Warning(Level.CAUTION, Words("大雨注意報"), Words(""))]

    def evacuation() -> list[Warning]:
        return [
            Warning(Level.INFORMATION, Words("給水"), Words("")),
            Warning(Level.EMERGENCY, Words("緊急安全確保"), Words("")),
        ]

    warnings.register(weather)
    warnings.register(evacuation)
    warnings.register(evacuation)
    with current.use(1):
        titles = [warning.title.ja for warning in warnings.in_force([])]
    assert titles == ["緊急安全確保", "大雨注意報", "給水"]


def test_a_service_that_is_off_warns_of_nothing(asked: list[int]) -> None:
    [source] = warnings._sources
    warnings.register(source, "disaster")
    with current.use(1):
        assert warnings.in_force([]) == []
        warnings.forget(1)
        assert warnings.in_force(["disaster"]) != []
