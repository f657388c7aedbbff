"""The model card: what the reading was trained on and how far it is to be trusted.

The figures are made by ``scripts/write_model_card.py`` on the test part of the open set, which the
model has never seen, and travel with the room as ``card.json``.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from madoguchi.services.disaster import trained
from madoguchi.services.disaster.engine.scoring import Figure

FILE = "card.json"


@dataclass(frozen=True, slots=True)
class Part:
    """What the reading reaches with some of its parts: macro-F1 on days that were not seen."""

    name: str
    macro_f1: float


@dataclass(frozen=True, slots=True)
class Card:
    """``current`` is False when the model was made anew after these figures were."""

    made_on: date
    trained_messages: int
    tested_messages: int
    figures: tuple[tuple[str, Figure], ...]
    parts: tuple[Part, ...]
    current: bool


@cache
def card() -> Card | None:
    """The card that ships, or None when none was written yet."""
    file = resources.files(__package__).joinpath(FILE)
    return parse(json.loads(file.read_text("utf-8"))) if file.is_file() else None


def parse(told: dict[str, Any]) -> Card:
    """A card from what the script wrote."""
    return Card(
        made_on=date.fromisoformat(told["made_on"]),
        trained_messages=told["trained_messages"],
        tested_messages=told["tested_messages"],
        figures=tuple((name, Figure(**figure)) for name, figure in told["figures"].items()),
        parts=tuple(Part(name, value) for name, value in told["parts"].items()),
        current=told["trained_on"] == trained.model().trained_on,
    )
