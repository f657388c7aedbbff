"""How figures of agreement are put into words and tables for staff."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from madoguchi.services.disaster import drill_sheets, words
from madoguchi.services.disaster.data import Category
from madoguchi.services.disaster.engine.scoring import Example, Figure, PerCategory


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure in words; ``value`` is empty where it rests on too few messages."""

    name: str
    value: str
    span: str
    count: str


@dataclass(frozen=True, slots=True)
class UrgencyRow:
    """One true level with how often the machine gave each: (count, whether it is right)."""

    name: str
    cells: tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category: what was found, missed and said too often."""

    name: str
    found: int
    missed: int
    too_many: int
    f1: float


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A message that was read wrongly, beside what is right."""

    name: str
    text: str
    said: str
    right: str
    place: str


def figure(name: str, found: Figure) -> FigureRow:
    """A share in per cent, a mean F1 as a number between 0 and 1."""
    if found.hits is None:
        count, write = f"{found.count}件", "{:.2f}".format
    else:
        count, write = f"{found.count}件中 {found.hits}件", "{:.1%}".format
    if not found.enough:
        return FigureRow(name, "", "", count)
    return FigureRow(name, write(found.value), f"{write(found.low)}〜{write(found.high)}", count)


def urgency_table(counts: Sequence[Sequence[int]]) -> list[UrgencyRow]:
    """Rows are the truth, columns the machine; the most urgent first in both."""
    levels = list(words.URGENCY_NAMES)
    return [
        UrgencyRow(
            words.URGENCY_NAMES[true], tuple((counts[true][said], said == true) for said in levels)
        )
        for true in levels
    ]


def category_table(rows: Iterable[PerCategory]) -> list[CategoryRow]:
    """The categories in words."""
    return [
        CategoryRow(
            words.CATEGORY_NAMES[r.category], r.both, r.meant - r.both, r.said - r.both, r.f1
        )
        for r in rows
    ]


def wrong_reading(example: Example) -> WrongRow:
    """A wrong reading in words."""
    return WrongRow(
        example.name,
        example.text,
        _labels(example.said.urgency, example.said.categories),
        _labels(example.truth.urgency, example.truth.categories),
        drill_sheets.PLACED_NAMES[example.placed.value],
    )


def _labels(urgency: int, categories: Iterable[Category]) -> str:
    return f"{words.URGENCY_NAMES[urgency]}、{drill_sheets.names_of(categories)}"
