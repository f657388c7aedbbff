"""The channels that this installation knows, by kind, and what fetches from outside."""

from collections.abc import Callable
from dataclasses import dataclass

from madoguchi.channels.base import Channel
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.ui import services

_factories: dict[str, Callable[[int], Channel]] = {}


@dataclass(frozen=True, slots=True)
class Collector:
    """Brings in what does not come by itself: a mailbox to look into, a stream to listen to.

    ``step`` looks after every town once, puts what it found into the inbox and returns how much;
    it ends within a few seconds, so that the process can stop. Events carry the other side's own
    ids: what two processes both bring is stored once. ``pause_s`` is the wait after an empty look.
    """

    name: str
    step: Callable[[], int]
    pause_s: float


_collectors: dict[str, Collector] = {}


def register(kind: str, factory: Callable[[int], Channel]) -> None:
    """Make a channel known; ``factory`` takes a town id."""
    if kind in _factories:
        raise ValueError(f"channel {kind} registered twice")
    _factories[kind] = factory


def channel_for(kind: str, town_id: int) -> Channel:
    """The channel of a town; raises KeyError for an unknown kind."""
    return _factories[kind](town_id)


def towns_of(kind: str) -> list[Town]:
    """The towns that use a channel; a collector looks after these alone."""
    with current.everywhere("find the towns that use a channel"):
        return [town for town in Town.objects.order_by("pk") if services.channel_is_on(town, kind)]


def kinds() -> tuple[str, ...]:
    """All registered kinds, sorted."""
    return tuple(sorted(_factories))


def collects(name: str, step: Callable[[], int], pause_s: float) -> None:
    """Let a thread of its own do ``step`` again and again."""
    if name in _collectors:
        raise ValueError(f"collector {name} registered twice")
    _collectors[name] = Collector(name, step, pause_s)


def collectors() -> tuple[Collector, ...]:
    """All registered collectors, by name."""
    return tuple(_collectors[name] for name in sorted(_collectors))
