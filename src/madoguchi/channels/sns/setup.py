"""What a town set for social networks: ``Town.settings["sns"]``, read as plain data.

Everything is off until an administrator switches it on. The two secrets (``mastodon_token``,
``inbox_secret``) are kept by ``channels.keeping``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from madoguchi.channels import keeping
from madoguchi.channels.keeping import Keeper, Misconfigured
from madoguchi.channels.sns.sieve import FindPlaces, Sieve, plain
from madoguchi.kernel.places import api as places
from madoguchi.kernel.towns.models import Town

KEEPER = Keeper("sns", "SNS", ("mastodon_token", "inbox_secret"))

JETSTREAM = "jetstream2.us-east.bsky.network"
PICTURES_OF_BLUESKY = "cdn.bsky.app"
DAILY_LIMIT = 200
WORDS = (
    *("浸水", "冠水", "洪水", "氾濫", "水没", "土砂", "崩れ", "地割れ", "倒れ", "倒壊"),
    *("火事", "火災", "煙", "停電", "断水", "ガス漏れ", "通行止め", "通れない", "孤立"),
    *("閉じ込め", "救助", "助けて", "けが", "怪我", "負傷", "避難", "行方不明"),
    *("余震", "地震", "台風", "大雨", "大雪"),
)
"""With which a town begins; it changes them on its page."""

HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
LOCAL_HOST = re.compile(r"(127\.0\.0\.1|localhost)(:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Mastodon:
    """One server to listen to. ``streams`` as the streaming API names them ("hashtag:調布")."""

    host: str
    token: str = field(repr=False)
    streams: tuple[str, ...]
    other_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything of one town; ``mastodon`` and ``bluesky`` are None while they are off.

    ``problem`` says in Japanese why something that is switched on cannot be used.
    """

    town_id: int
    sieve: Sieve
    daily_limit: int
    mastodon: Mastodon | None = None
    bluesky: str | None = None
    inbox_on: bool = False
    problem: str = ""


def read(town: Town, environment: Mapping[str, str]) -> Setup:
    """The town's settings; what cannot be used is off, with the reason in ``problem``."""
    kept = KEEPER.of(town)
    mastodon, problem = None, ""
    if kept.get("mastodon_on"):
        try:
            mastodon = _mastodon(kept, environment)
        except Misconfigured as wrong:
            problem = str(wrong)
    return Setup(
        town_id=town.pk,
        sieve=sieve_of(town),
        daily_limit=daily_limit(kept),
        mastodon=mastodon,
        bluesky=bluesky_host(kept) if kept.get("bluesky_on") else None,
        inbox_on=bool(kept.get("inbox_on")),
        problem=problem,
    )


def sieve_of(town: Town) -> Sieve:
    """What the town lets in."""
    kept = KEEPER.of(town)
    return Sieve(
        town=plain(town.name),
        words=_plain(words(kept)),
        names=_plain(names(kept, town)),
        tags=frozenset(_plain(strings(kept, "hashtags"))),
        ignored=frozenset(name.lstrip("@") for name in _plain(strings(kept, "ignored"))),
        find=_finder(town.code),
    )


def words(kept: Mapping[str, object]) -> tuple[str, ...]:
    """The words of which a post must hold one."""
    return strings(kept, "words") or WORDS


def names(kept: Mapping[str, object], town: Town) -> tuple[str, ...]:
    """Further names of the town: 調布 for 調布市, until the town sets its own."""
    if "names" in kept:
        return strings(kept, "names")
    return (town.name[:-1],) if town.name.endswith("市") and len(town.name) > 2 else ()


def daily_limit(kept: Mapping[str, object]) -> int:
    """How many posts are taken in on one day."""
    value = kept.get("daily_limit")
    return value if isinstance(value, int) and value > 0 else DAILY_LIMIT


def bluesky_host(kept: Mapping[str, object]) -> str:
    """The Jetstream that is listened to."""
    return str(kept.get("bluesky_host") or JETSTREAM)


def inbox_secret(town: Town, environment: Mapping[str, str]) -> str | None:
    """The key of the webhook, or None while it is off. Raises ``Misconfigured``."""
    kept = KEEPER.of(town)
    if not kept.get("inbox_on"):
        return None
    return keeping.read(kept, "inbox_secret", "SNSの受け口の鍵", environment)


def strings(kept: Mapping[str, object], name: str) -> tuple[str, ...]:
    """A list of texts in the settings."""
    value = kept.get(name)
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def is_host(name: str, *, local: bool) -> bool:
    """Whether a text is the name of a host, as in an address; ``local`` allows this machine."""
    return bool(HOST.fullmatch(name) or (local and LOCAL_HOST.fullmatch(name)))


def _mastodon(kept: Mapping[str, object], environment: Mapping[str, str]) -> Mastodon:
    streams = [f"hashtag:{tag}" for tag in strings(kept, "hashtags")]
    if list_id := str(kept.get("mastodon_list") or ""):
        streams.append(f"list:{list_id}")
    if kept.get("mastodon_home"):
        streams.append("user")
    host = str(kept.get("mastodon_host") or "")
    if not host or not streams:
        raise Misconfigured(
            "Mastodonのサーバーのアドレスと、聞くもの（ハッシュタグなど）を入れてください。"
        )
    return Mastodon(
        host=host,
        token=keeping.read(kept, "mastodon_token", "Mastodonのアクセストークン", environment),
        streams=tuple(streams),
        other_hosts=strings(kept, "mastodon_other_hosts"),
    )


def _plain(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for item in items if (text := plain(item).lstrip("#")))


def _finder(code: str) -> FindPlaces:
    return lambda text: places.find(places.gazetteer_for(code), text, code)
