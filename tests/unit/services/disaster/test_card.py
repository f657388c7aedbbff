"""The model card: what the script wrote is what the page shows."""

from dataclasses import asdict
from datetime import date
from typing import Any

import pytest

from madoguchi.services.disaster import card, showing_scores, trained
from madoguchi.services.disaster.engine import scoring


def written(**changed: Any) -> dict[str, Any]:
    """A card as ``scripts/write_model_card.py`` writes it."""
    return {
        "made_on": "2026-11-25",
        "trained_on": trained.model().trained_on,
        "trained_messages": 9403,
        "tested_messages": 600,
        "figures": {"緊急度が合っていたもの": asdict(scoring.share(480, 600))},
        "parts": {"単語だけ": 0.687, "すべて": 0.719},
    } | changed


def test_a_card_is_read_as_it_was_written() -> None:
    read = card.parse(written())
    assert (read.made_on, read.trained_messages, read.tested_messages) == (
        date(2026, 11, 25),
        9403,
        600,
    )
    assert read.figures == (("緊急度が合っていたもの", scoring.share(480, 600)),)
    assert [(part.name, part.macro_f1) for part in read.parts] == [
        ("単語だけ", 0.687),
        ("すべて", 0.719),
    ]
    assert read.current


def test_figures_of_an_earlier_model_are_known_as_such() -> None:
    assert not card.parse(written(trained_on="0" * 64)).current


@pytest.mark.parametrize(
    ("figure", "value", "span", "count"),
    [
        (scoring.share(480, 600), "80.0%", "76.6%〜83.0%", "600件中 480件"),
        (scoring.share(10, 29), "", "", "29件中 10件"),
        (scoring.Figure(0.8, 0.75, 0.85, 40), "0.80", "0.75〜0.85", "40件"),
    ],
)
def test_figures_are_put_into_words(
    figure: scoring.Figure, value: str, span: str, count: str
) -> None:
    row = showing_scores.figure("名", figure)
    assert (row.value, row.span, row.count) == (value, span, count)


def test_the_card_that_ships_can_be_read() -> None:
    shipped = card.card()
    assert shipped is None or shipped.figures
