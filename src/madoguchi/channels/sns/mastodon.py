"""What a Mastodon server says, as plain data.

Source: docs.joinmastodon.org, methods/streaming ("Establishing a WebSocket connection", "Event
types and payloads"), entities/Status and entities/MediaAttachment. A frame that is none of this is
passed over: a server may send what we do not know.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from madoguchi.channels.sns.data import Event, Gone, Network, OpenPost
from madoguchi.channels.sns.plaintext import of_html

PICTURES = 4
STATUS_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SNOWFLAKE_BITS = 16
OVERLAP_MS = 10 * 60 * 1000
"""Ids follow the time of writing. A post of another server may arrive this much later."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One event of a stream. ``stream`` is as in the subscription ("hashtag:調布", "user").

    ``status_id`` is the server's id of the post, "" where there is none.
    """

    stream: str
    event: Event
    status_id: str


class Problem(ValueError):
    """The server refuses the subscription; the text is its own."""


def frame(host: str, raw: str | bytes) -> Frame | None:
    """Read one WebSocket message of the server ``host``; None for what does not concern us.

    Raises ``Problem`` for the server's own error message.
    """
    outer = _json(raw)
    if not isinstance(outer, dict):
        return None
    if isinstance(outer.get("error"), str):
        raise Problem(outer["error"][:200])
    names, payload = outer.get("stream"), outer.get("payload")
    stream = ":".join(str(name) for name in names) if isinstance(names, list) else ""
    if not isinstance(payload, str):
        return None
    if outer.get("event") == "delete" and STATUS_ID.fullmatch(payload):
        return Frame(stream, Gone(Network.MASTODON, identity(host, payload)), payload)
    status = _json(payload) if outer.get("event") in ("update", "status.update") else None
    found = post(host, status) if isinstance(status, dict) else None
    return Frame(stream, found, found.id.rpartition("/")[2]) if found is not None else None


def post(host: str, status: Mapping[str, Any]) -> OpenPost | None:
    """A Status of the server ``host``; None when it is not one, or repeats another (a boost)."""
    account, posted_at = status.get("account"), moment(status.get("created_at"))
    if not isinstance(account, dict) or posted_at is None or status.get("reblog"):
        return None
    id_, content, acct = status.get("id"), status.get("content"), account.get("acct")
    if not (isinstance(id_, str) and isinstance(content, str) and isinstance(acct, str)):
        return None
    if not STATUS_ID.fullmatch(id_):
        return None
    warning = status.get("spoiler_text")
    text = of_html(content)
    if isinstance(warning, str) and warning.strip():
        text = f"{warning.strip()}\n{text}"
    return OpenPost(
        network=Network.MASTODON,
        id=identity(host, id_),
        author=acct if "@" in acct else f"{acct}@{host}",
        text=text,
        posted_at=posted_at,
        url=_text(status.get("url")),
        tags=tuple(_text(tag.get("name")) for tag in _objects(status.get("tags"))),
        media=tuple(
            _text(item.get("url"))
            for item in _objects(status.get("media_attachments"))
            if item.get("type") == "image" and _text(item.get("url"))
        )[:PICTURES],
        sensitive=bool(status.get("sensitive")),
        public=status.get("visibility") == "public",
        bot=bool(account.get("bot")),
        edited_at=moment(status.get("edited_at")),
    )


def identity(host: str, status_id: str) -> str:
    """The name of a post: ids are those of one server."""
    return f"{host}/{status_id}"


def newer(one: str, other: str) -> str:
    """The later of two ids; "" is before all. Ids are decimal numbers of any length."""
    return max(one, other, key=lambda id_: (len(id_), id_))


def some_time_before(status_id: str) -> str:
    """An id ``OVERLAP_MS`` before; where ids are no such numbers, the same id.

    Mastodon's ids are milliseconds since 1970 followed by 16 bits
    (mastodon/lib/mastodon/snowflake.rb).
    """
    if not status_id.isdecimal():
        return status_id
    return str(max(0, int(status_id) - (OVERLAP_MS << SNOWFLAKE_BITS)))


def moment(value: object) -> datetime | None:
    """An ISO 8601 time with its offset, or None."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _json(raw: str | bytes) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
