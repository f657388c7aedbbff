"""Warnings on top of resident pages: services tell what is in force, the town page shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from madoguchi.ui.words import Words


class Level(IntEnum):
    """How much a warning presses, after the five steps of 警戒レベル."""

    INFORMATION = 1
    CAUTION = 2
    DANGER = 3
    EMERGENCY = 4


@dataclass(frozen=True, slots=True)
class Warning:
    """One warning in force. ``since`` is aware; ``url`` may be ""."""

    level: Level
    title: Words
    text: Words
    since: datetime | None = None
    url: str = ""


_sources: list[Callable[[], list[Warning]]] = []


def register(source: Callable[[], list[Warning]]) -> None:
    """Add a source of warnings of the current town; it is asked whenever a public page is built."""
    if source not in _sources:
        _sources.append(source)


def in_force() -> list[Warning]:
    """All warnings of the current town, the most pressing first."""
    return sorted(
        (warning for source in _sources for warning in source()),
        key=lambda warning: -warning.level,
    )
