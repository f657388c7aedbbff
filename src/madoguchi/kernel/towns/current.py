"""The town that the current thread or task works for. Standard library only."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Scope = int | None | Literal["*"]
"""One town's id, no town at all, or every town."""


class NoTown(LookupError):
    """Rows of a town were asked for while no town was current."""

    def __init__(self) -> None:
        super().__init__("no town is current: enter towns.current.use(town_id) first")


class WrongTown(ValueError):
    """A row of one town was to be written while another town was current."""


_scope: ContextVar[Scope] = ContextVar("madoguchi_town", default=None)


def scope() -> Scope:
    """The current town's id, None without a town, ``"*"`` inside ``everywhere``."""
    return _scope.get()


def town_id() -> int:
    """The current town's id; raises ``NoTown`` without one, and inside ``everywhere``."""
    scope = _scope.get()
    if not isinstance(scope, int):
        raise NoTown
    return scope


@contextmanager
def use(town_id: int) -> Iterator[None]:
    """Work for one town. Threads started inside begin without a town."""
    if not isinstance(town_id, int) or town_id < 1:
        raise ValueError("a town id is a positive integer")
    token = _scope.set(town_id)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def everywhere(reason: str) -> Iterator[None]:
    """See the rows of every town: only to find work, to migrate, to check and to back up."""
    if not reason:
        raise ValueError("say why every town is needed")
    token = _scope.set("*")
    try:
        yield
    finally:
        _scope.reset(token)
