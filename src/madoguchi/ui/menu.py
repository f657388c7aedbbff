"""What a reader can do here: rooms register their entries, home pages and menus list them."""

from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.urls import Resolver404, resolve, reverse

from madoguchi.kernel.people.data import ROLES
from madoguchi.ui import services
from madoguchi.ui.words import Words

Audience = Literal["resident", "staff", "settings"]
"""``settings`` is what staff set up: the entries of one page, not of the staff menu."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry. ``order`` is the order of use; ``icon`` names a symbol of ui/icons.svg.

    ``service`` names the service that must be switched on in the town ("" = always there).
    ``role`` is the lowest role of staff that may open it.
    ``url_name`` is a URL name, or a path when it starts with "/".
    """

    audience: Audience
    order: int
    title: Words
    url_name: str
    icon: str
    description: Words
    service: str = ""
    role: str = "viewer"

    @property
    def url(self) -> str:
        """Where the entry leads."""
        return address(self.url_name)


@cache
def address(url_name: str) -> str:
    """The path of a URL name; a path stays as it is."""
    return url_name if url_name.startswith("/") else reverse(url_name)


@cache
def _rooms(url: str) -> tuple[str, ...]:
    """The namespaces of the room that answers at a path."""
    try:
        return tuple(resolve(url).namespaces)
    except Resolver404:
        return ()


_items: dict[tuple[Audience, str, str], MenuItem] = {}


def register(item: MenuItem) -> None:
    """Add an entry; the same audience, URL and service replace the earlier entry."""
    _items[item.audience, item.url_name, item.service] = item


def items(audience: Audience, on: Container[str], role: str = "viewer") -> list[MenuItem]:
    """What an audience, as staff with ``role``, may open where these services are ``on``.

    Of entries that lead to one page the first stands for all.
    """
    found = sorted(
        (
            item
            for item in _items.values()
            if item.audience == audience
            and (not item.service or item.service in on)
            and services.closed_room(_rooms(item.url), on) is None
            and ROLES[item.role] <= ROLES[role]
        ),
        key=lambda item: (item.order, item.url_name),
    )
    first: dict[str, MenuItem] = {}
    for item in found:
        first.setdefault(item.url, item)
    return list(first.values())
