"""What a town can switch on and off: its services, and the channels by which residents come.

Rooms register themselves. A town keeps the names of its services in ``Town.services``; a channel
is open unless ``Town.settings["channels_off"]`` names it, so that no town loses a way in by an
update. Menus, home pages, addresses and the door for words follow.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from madoguchi.ui.words import Words

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

CHANNELS_OFF = "channels_off"


@dataclass(frozen=True, slots=True)
class Service:
    """One thing to switch. ``order`` is the order on the page.

    ``title`` and ``text`` say what it is, also to residents. ``needs`` says what a town has to have
    before, ``when_off`` what becomes of open work and of what residents send meanwhile; both are
    for staff. ``rooms`` are the namespaces of its addresses: they answer only while it is on.
    ``open_work`` counts what is still to be done in the current town. ``at_start`` says whether a
    new town begins with it.
    """

    name: str
    order: int
    title: Words
    text: Words
    needs: str
    when_off: str
    rooms: tuple[str, ...] = ()
    open_work: Callable[[], int] = lambda: 0
    at_start: bool = True
    kind: Literal["service", "channel"] = "service"


_services: dict[str, Service] = {}


def register(service: Service) -> None:
    """Make a service or a channel known; raises ValueError for a name that is taken."""
    if service.name in _services:
        raise ValueError(f"service {service.name} registered twice")
    _services[service.name] = service


def known() -> list[Service]:
    """All of them: services before channels, in their order."""
    return sorted(_services.values(), key=lambda s: (s.kind == "channel", s.order, s.name))


def get(name: str) -> Service:
    """One of them; raises KeyError."""
    return _services[name]


def at_start() -> list[str]:
    """The services with which a new town begins."""
    return [s.name for s in known() if s.kind == "service" and s.at_start]


def channel_is_on(town: "Town", kind: str) -> bool:
    """Whether the town uses a channel."""
    return kind not in town.settings.get(CHANNELS_OFF, ())


def is_on(town: "Town", service: Service) -> bool:
    """Whether the town has it switched on."""
    if service.kind == "channel":
        return channel_is_on(town, service.name)
    return service.name in town.services


def on(town: "Town") -> frozenset[str]:
    """The names of everything that is switched on in a town."""
    return frozenset(service.name for service in _services.values() if is_on(town, service))


def closed_room(namespaces: Iterable[str], on: Container[str]) -> Service | None:
    """The service that owns an address of these namespaces and is not in ``on``, if any."""
    asked = set(namespaces)
    for service in _services.values():
        if service.name not in on and asked.intersection(service.rooms):
            return service
    return None
