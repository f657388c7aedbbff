"""Warnings on top of resident pages: services tell what is in force, the town page shows it."""

import time
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from madoguchi.kernel.towns import current
from madoguchi.ui.words import Words

LIFETIME_S = 5.0


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


Source = Callable[[], list[Warning]]

_sources: dict[Source, str] = {}
_kept: dict[int, tuple[float, list[Warning]]] = {}
"""By town: until when, and what is in force. Every page shows warnings, few minutes change them."""


def register(source: Source, service: str = "") -> None:
    """Add a source of warnings of the current town; ``ui.cache.changed`` has it asked anew.

    ``service`` is the service that must be switched on ("" = always asked).
    """
    _sources[source] = service


def in_force(on: Container[str]) -> list[Warning]:
    """All warnings of the current town's services that are ``on``, the most pressing first.

    At most ``LIFETIME_S`` old.
    """
    town_id, now = current.town_id(), time.monotonic()
    until, known = _kept.get(town_id, (now, []))
    if until > now:
        return known
    asked = [source for source, service in _sources.items() if not service or service in on]
    found = [warning for source in asked for warning in source()]
    found.sort(key=lambda warning: -warning.level)
    _kept[town_id] = (now + LIFETIME_S, found)
    return found


def forget(town_id: int) -> None:
    """Ask the sources of a town anew."""
    _kept.pop(town_id, None)
