"""The lists that can be printed: rooms register theirs, the page offers them."""

from collections.abc import Callable, Container
from dataclasses import dataclass

from madoguchi.channels.paper.data import Listing


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list on paper; ``build`` makes it for the current town.

    ``service`` is what must be switched on for it ("": nothing).
    """

    name: str
    title: str
    text: str
    build: Callable[[], Listing]
    service: str = ""


_sheets: dict[str, Sheet] = {}


def register(sheet: Sheet) -> None:
    """Offer a list; the same name replaces."""
    _sheets[sheet.name] = sheet


def offered(on: Container[str]) -> list[Sheet]:
    """What can be printed where these services are on, in the order of registering."""
    return [sheet for sheet in _sheets.values() if not sheet.service or sheet.service in on]
