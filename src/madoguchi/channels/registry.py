"""The channels that this installation knows, by kind."""

from collections.abc import Callable

from madoguchi.channels.base import Channel

_factories: dict[str, Callable[[int], Channel]] = {}


def register(kind: str, factory: Callable[[int], Channel]) -> None:
    """Make a channel known; ``factory`` takes a town id."""
    if kind in _factories:
        raise ValueError(f"channel {kind} registered twice")
    _factories[kind] = factory


def channel_for(kind: str, town_id: int) -> Channel:
    """The channel of a town; raises KeyError for an unknown kind."""
    return _factories[kind](town_id)


def kinds() -> tuple[str, ...]:
    """All registered kinds, sorted."""
    return tuple(sorted(_factories))
