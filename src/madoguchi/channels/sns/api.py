"""The door for services: where an open post came from, how it will be read, and its edits."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from madoguchi.channels.sns.data import CHANNEL, NETWORK_NAMES, Edited, Network
from madoguchi.channels.sns.edits import on_edit
from madoguchi.channels.sns.models import Post

__all__ = ["CHANNEL", "Edited", "Origin", "Preview", "on_edit", "origins", "preview", "reads"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a post stands: ``url`` "" where nobody said or its author deleted it.

    ``repetitions``: how many more posts said the same words.
    """

    network: str
    url: str
    repetitions: int
    sensitive: bool
    removed: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """How a text would be read, in Japanese: a line for each thing that is read from it."""

    lines: tuple[str, ...]
    urgent: bool = False


Reader = Callable[[str, datetime], Preview]

_reader: list[Reader] = []


def reads(reader: Reader) -> None:
    """Let a service say how a text would be read, before it is taken in."""
    _reader[:] = [reader]


def preview(text: str, at: datetime) -> Preview:
    """How the text would be read; without a service nothing is said."""
    return _reader[0](text, at) if _reader else Preview(())


def origins(external_ids: Iterable[str]) -> Mapping[str, Origin]:
    """Where the posts of these inbox events came from, by the event's id; one query."""
    wanted = {id_: id_.split(":") for id_ in external_ids}
    keys = [parts[1] for parts in wanted.values() if len(parts) > 1]
    if not keys:
        return {}
    found = {
        post.external_id: Origin(
            network=NETWORK_NAMES[Network(post.network)],
            url=post.url,
            repetitions=post.said_again,
            sensitive=post.sensitive,
            removed=post.removed_at is not None,
        )
        for post in Post.objects.filter(key__in=keys).annotate(said_again=Count("repetitions"))
    }
    return {
        id_: found[name] for id_, parts in wanted.items() if (name := ":".join(parts[:2])) in found
    }
