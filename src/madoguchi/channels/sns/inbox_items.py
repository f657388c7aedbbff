"""One post in a call of the webhook (docs/operator/sns.md has the schema). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.channels.sns.data import Event, Gone, Network, OpenPost
from madoguchi.channels.sns.links import identity
from madoguchi.channels.sns.mastodon import moment

NETWORKS = {n.value: n for n in (Network.X, Network.INSTAGRAM, Network.OTHER)}
LONGEST_ID = 200
LONGEST_TEXT = 10_000
LONGEST_URL = 1000
FIELDS = frozenset(
    {"source", "id", "url", "text", "posted_at", "author", "tags", "sensitive", "deleted"}
)


class Unreadable(ValueError):
    """The item cannot be read; the text says why, in Japanese."""


@dataclass(frozen=True, slots=True)
class _Fields:
    item: Mapping[str, Any]

    def text(self, name: str, longest: int) -> str:
        value = self.item.get(name, "")
        if not isinstance(value, str):
            raise Unreadable(f"{name} は文字列にしてください。")
        if len(value) > longest:
            raise Unreadable(f"{name} は{longest}文字までです。")
        return value

    def flag(self, name: str) -> bool:
        value = self.item.get(name, False)
        if not isinstance(value, bool):
            raise Unreadable(f"{name} は true か false にしてください。")
        return value

    def tags(self) -> tuple[str, ...]:
        value = self.item.get("tags", [])
        if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
            raise Unreadable("tags は文字列の配列にしてください。")
        return tuple(tag.lstrip("#") for tag in value[:30])

    def moment(self) -> datetime:
        value = self.item.get("posted_at")
        found = moment(value)
        if found is None or not isinstance(value, str) or not _has_offset(value):
            raise Unreadable("posted_at は時差の付いたISO 8601の日時にしてください。")
        return found


def read(item: object) -> Event:
    """An item as an event. Raises ``Unreadable``."""
    if not isinstance(item, dict):
        raise Unreadable("投稿はJSONのオブジェクトにしてください。")
    if unknown := sorted(str(name) for name in item.keys() - FIELDS):
        raise Unreadable(f"知らない項目があります：{unknown[0][:40]}")
    fields = _Fields(item)
    network = NETWORKS.get(fields.text("source", 20))
    if network is None:
        raise Unreadable("source は x、instagram、other のどれかにしてください。")
    url = fields.text("url", LONGEST_URL)
    id_ = fields.text("id", LONGEST_ID) or identity(network, url)
    if not id_:
        raise Unreadable("id か、https で始まる url を入れてください。")
    if fields.flag("deleted"):
        return Gone(network, id_)
    text = fields.text("text", LONGEST_TEXT)
    if not text.strip():
        raise Unreadable("text を入れてください。")
    return OpenPost(
        network=network,
        id=id_,
        author=fields.text("author", LONGEST_ID),
        text=text,
        posted_at=fields.moment(),
        url=url,
        tags=fields.tags(),
        sensitive=fields.flag("sensitive"),
    )


def _has_offset(value: str) -> bool:
    return datetime.fromisoformat(value).tzinfo is not None
