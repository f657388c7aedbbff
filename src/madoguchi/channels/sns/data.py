"""Open posts of social networks as plain data, whatever the network."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CHANNEL = "sns"


class Network(StrEnum):
    """Where a post stands."""

    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    X = "x"
    INSTAGRAM = "instagram"
    OTHER = "other"


NETWORK_NAMES: dict[Network, str] = {
    Network.MASTODON: "Mastodon",
    Network.BLUESKY: "Bluesky",
    Network.X: "X",
    Network.INSTAGRAM: "Instagram",
    Network.OTHER: "その他のSNS",
}


@dataclass(frozen=True, slots=True)
class OpenPost:
    """One post that everybody can read.

    ``id`` is unique in the network and names the post in later events. ``author`` is the network's
    own name of who wrote it; only a keyed hash of it is ever stored. ``tags`` are hashtags without
    their sign. ``media`` are the addresses of its pictures. ``edited_at`` is the last edit.
    """

    network: Network
    id: str
    author: str
    text: str
    posted_at: datetime
    url: str = ""
    tags: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    sensitive: bool = False
    public: bool = True
    bot: bool = False
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A post that its author deleted."""

    network: Network
    id: str


@dataclass(frozen=True, slots=True)
class AuthorGone:
    """An account that was closed: everything it wrote until then is gone."""

    network: Network
    author: str
    at: datetime


Event = OpenPost | Gone | AuthorGone


def storable(text: str) -> str:
    """The text without what no database keeps: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


class Outcome(StrEnum):
    """What became of one event."""

    TAKEN = "taken"
    REPEATED = "repeated"  # the same words as an earlier post: counted there
    KNOWN = "known"  # is here already, or was deleted before it came
    CHANGED = "changed"  # an edit of a post that is here
    REMOVED = "removed"
    UNNEEDED = "unneeded"  # nothing the town asked for: not kept
    LIMIT = "limit"  # the day's limit is reached: not kept


@dataclass(frozen=True, slots=True)
class Edited:
    """A post whose author changed its words after they were read, for the rooms that keep them."""

    inbound_id: int
    contact_id: int
    before: str
    after: str
