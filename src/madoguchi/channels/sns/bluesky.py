"""What Bluesky's Jetstream says, as plain data.

Source: the README of bluesky-social/jetstream (``/subscribe``, section 5.1 of its docs) for the
frames, and the lexicons ``app.bsky.feed.post``, ``app.bsky.embed.images`` and
``app.bsky.richtext.facet`` for the record of a post.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from madoguchi.channels.sns.data import AuthorGone, Event, Gone, Network, OpenPost
from madoguchi.channels.sns.mastodon import moment

COLLECTION = "app.bsky.feed.post"
PICTURES = 4
REWIND_US = 5_000_000
"""Events are processed idempotently, so a cursor is rewound by some seconds at a reconnect."""

DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,200}")
RKEY = re.compile(r"[A-Za-z0-9._:~-]{1,512}")
CID = re.compile(r"[A-Za-z0-9]{10,120}")
PICTURE = "https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{cid}@jpeg"
"""As in the examples of ``app.bsky.embed.images#viewImage`` (docs.bsky.app)."""

CLOSED = frozenset({"deleted", "takendown", "suspended", "deactivated"})


@dataclass(frozen=True, slots=True)
class Frame:
    """One event and its time in microseconds, the cursor; ``event`` None: nothing for us."""

    time_us: int
    event: Event | None


def frame(raw: str | bytes) -> Frame | None:
    """Read one WebSocket message; None when it is not one of Jetstream's."""
    try:
        outer = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(outer, dict):
        return None
    did, time_us = outer.get("did"), outer.get("time_us")
    if not isinstance(did, str) or not DID.fullmatch(did):
        return None
    if not isinstance(time_us, int) or isinstance(time_us, bool) or time_us <= 0:
        return None
    return Frame(time_us, _event(did, outer))


def identity(did: str, rkey: str) -> str:
    """The name of a post."""
    return f"{did}/{rkey}"


def _event(did: str, outer: Mapping[str, Any]) -> Event | None:
    if outer.get("kind") == "account":
        at = _from_us(outer["time_us"]) if _closed(outer.get("account")) else None
        return AuthorGone(Network.BLUESKY, did, at) if at is not None else None
    commit = outer.get("commit")
    if outer.get("kind") != "commit" or not isinstance(commit, dict):
        return None
    rkey, operation = str(commit.get("rkey")), commit.get("operation")
    if commit.get("collection") != COLLECTION or not RKEY.fullmatch(rkey):
        return None
    if operation == "delete":
        return Gone(Network.BLUESKY, identity(did, rkey))
    record = commit.get("record")
    if operation in ("create", "update") and isinstance(record, dict):
        return _post(did, rkey, record, outer["time_us"], edit=operation == "update")
    return None


def _closed(account: object) -> bool:
    """Whether an account was deleted or closed."""
    return (
        isinstance(account, dict)
        and account.get("active") is False
        and account.get("status") in CLOSED
    )


def _post(
    did: str, rkey: str, record: Mapping[str, Any], time_us: int, *, edit: bool
) -> OpenPost | None:
    posted_at, text = moment(record.get("createdAt")), record.get("text")
    seen_at = _from_us(time_us)
    if posted_at is None or seen_at is None or not isinstance(text, str):
        return None
    return OpenPost(
        network=Network.BLUESKY,
        id=identity(did, rkey),
        author=did,
        text=text,
        posted_at=min(posted_at, seen_at),  # the client's own word: never later than it came
        url=f"https://bsky.app/profile/{did}/post/{rkey}",
        tags=tuple(_tags(record)),
        media=tuple(_pictures(did, record.get("embed")))[:PICTURES],
        sensitive=bool(_objects_in(record.get("labels"), "values")),
        edited_at=seen_at if edit else None,
    )


def _tags(record: Mapping[str, Any]) -> Iterator[str]:
    """Hashtags in the text (facets) and beside it (``tags``)."""
    for facet in _objects(record.get("facets")):
        for feature in _objects(facet.get("features")):
            if feature.get("$type") == "app.bsky.richtext.facet#tag":
                yield str(feature.get("tag", ""))
    beside = record.get("tags")
    yield from (tag for tag in beside if isinstance(tag, str)) if isinstance(beside, list) else ()


def _pictures(did: str, embed: object) -> Iterator[str]:
    if not isinstance(embed, dict):
        return
    if embed.get("$type") == "app.bsky.embed.recordWithMedia":
        yield from _pictures(did, embed.get("media"))
    if embed.get("$type") != "app.bsky.embed.images":
        return
    for item in _objects(embed.get("images")):
        image = item.get("image")
        ref = image.get("ref") if isinstance(image, dict) else None
        cid = ref.get("$link") if isinstance(ref, dict) else None
        if isinstance(cid, str) and CID.fullmatch(cid):
            yield PICTURE.format(did=did, cid=cid)


def _from_us(time_us: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(time_us / 1_000_000, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _objects_in(value: object, name: str) -> list[dict[str, Any]]:
    return _objects(value.get(name)) if isinstance(value, dict) else []
