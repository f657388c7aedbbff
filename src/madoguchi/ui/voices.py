"""What becomes of a message that no service has made work of: services say what they can do."""

from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Taker:
    """A service that can take up a message.

    ``taken`` selects the rows of the inbox that it has made work of already. ``label`` stands on
    the button, ``url_name`` is the address (with the row's id) to which the button posts.
    """

    service: str
    label: str
    taken: Q
    url_name: str


_takers: dict[str, Taker] = {}


def register(taker: Taker) -> None:
    """Add a service; registering again replaces."""
    _takers[taker.service] = taker


def takers() -> list[Taker]:
    """All services that can take up a message, in the order in which they joined."""
    return list(_takers.values())
