"""What is printed, as plain data (standard library only)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list; ``mm`` is its width, 0 shares what is left."""

    name: str
    mm: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a heading (a district, say); the cells as texts."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list on paper: a box to tick stands before each row."""

    title: str
    note: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    landscape: bool = True


@dataclass(frozen=True, slots=True)
class Stop:
    """A place to walk to, in metres east and north of some point."""

    key: str
    x: float
    y: float
