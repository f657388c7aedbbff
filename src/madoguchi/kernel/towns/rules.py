"""Rules about single rows that the database itself keeps; declared beside the models."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rule:
    """Refuse ``event`` on ``table`` where ``condition`` holds, with ``message``.

    ``condition`` is SQL over OLD and NEW that SQLite and PostgreSQL both know, without subqueries.
    """

    name: str
    table: str
    event: Literal["INSERT", "UPDATE", "DELETE"]
    condition: str
    message: str


_sources: list[Callable[[], list[Rule]]] = []


def register(source: Callable[[], list[Rule]]) -> None:
    """Add rules; called from an app's ``ready()``."""
    if source not in _sources:
        _sources.append(source)


def all_rules() -> list[Rule]:
    """Every registered rule."""
    return [rule for source in _sources for rule in source()]
