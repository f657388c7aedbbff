"""From events of a network to the inbox: each post once, deletions win, edits replace.

What is stored of a post and its event in the inbox are one transaction.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.channels.sns import edits
from madoguchi.channels.sns.data import (
    CHANNEL,
    AuthorGone,
    Event,
    Gone,
    Network,
    OpenPost,
    Outcome,
    storable,
)
from madoguchi.channels.sns.models import Post
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.measures import api as measures
from madoguchi.kernel.messages import inbox
from madoguchi.kernel.messages.data import EventKind, Incoming

SAME_WORDS_WITHIN = timedelta(hours=24)
AUTHOR_LIMIT = 10
"""Posts of one author that are taken in on one day: nobody alone fills the town's limit."""

LONGEST = 10_000
LONGEST_URL = 1000

_WEB = re.compile(r"https?://\S+")

LetsIn = Callable[[OpenPost, datetime], bool]


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms events are taken: what is let in, and how much on one day (None: no limit).

    ``remembers`` what is deleted before it came: for streams that may bring the two in this order.
    """

    lets_in: LetsIn
    daily_limit: int | None
    remembers: bool = True


def take(events: Sequence[Event], terms: Terms) -> list[Outcome]:
    """Take events of the current town in their order; what became of each.

    All or nothing, in one transaction, or in the caller's.
    """
    if not events:
        return []
    with transaction.atomic():
        now = clock.now()
        room = None if terms.daily_limit is None else max(0, terms.daily_limit - taken_today(now))
        hand = _Hand(terms, now, room)
        return [hand.take(event) for event in events]


def look(post: OpenPost) -> Outcome:
    """What would become of a post that is let in; nothing is stored."""
    kept = Post.objects.filter(network=post.network.value, key=key_of(post.network, post.id))
    if kept.exists():
        return Outcome.KNOWN
    again = _same_words(words_of(post.text), clock.now()) is not None
    return Outcome.REPEATED if again else Outcome.TAKEN


def taken_today(now: datetime) -> int:
    """How many posts were taken in since midnight (JST)."""
    return _today(now).filter(repeats=None).count()


def key_of(network: Network, id_: str) -> str:
    """By what a post is known again: a hash, for an id may hold its author's name."""
    return sha256(f"{network.value}\n{storable(id_)}".encode()).hexdigest()


def known_keys(keys: Sequence[str]) -> set[str]:
    """Those of the keys under which a post is kept."""
    found = Post.objects.filter(key__in=keys).values_list("key", flat=True)
    return set(found)


def words_of(text: str) -> str:
    """A hash of the words alone: without addresses, signs, blanks and the width of letters."""
    plain = unicodedata.normalize("NFKC", _WEB.sub("", text)).casefold()
    told = "".join(c for c in plain if unicodedata.category(c)[0] in "LN")
    return sha256(told.encode()).hexdigest()


class _Hand:
    """Takes one batch."""

    def __init__(self, terms: Terms, now: datetime, room: int | None) -> None:
        self._terms = terms
        self._now = now
        self._room = room

    def take(self, event: Event) -> Outcome:
        if isinstance(event, Gone):
            return self._remove(event)
        if isinstance(event, AuthorGone):
            return self._remove_all(event)
        known = _find(event)
        return self._again(known, event) if known is not None else self._first(event)

    def _first(self, event: OpenPost) -> Outcome:
        if not self._terms.lets_in(event, self._now):
            return Outcome.UNNEEDED
        if self._room == 0 or self._says_too_much(event):
            measures.note(CHANNEL, "over_limit", network=event.network.value)
            return Outcome.LIMIT
        digest = words_of(event.text)
        earlier = _same_words(digest, self._now)
        post, created = Post.objects.get_or_create(
            network=event.network.value,
            key=key_of(event.network, event.id),
            defaults={
                "native_id": storable(event.id),
                "author": _author(event),
                "url": _link(event.url),
                "digest": digest,
                "media": [] if event.sensitive else list(event.media),
                "sensitive": event.sensitive,
                "posted_at": event.posted_at,
                "edited_at": event.edited_at,
                "taken_at": self._now,
                "repeats": earlier,
            },
        )
        if not created:  # another process was faster
            return self._again(post, event)
        if earlier is not None:
            return Outcome.REPEATED
        self._tell(post, event)
        return Outcome.TAKEN

    def _says_too_much(self, event: OpenPost) -> bool:
        if self._room is None or not event.author:
            return False
        today = _today(self._now).filter(network=event.network.value, author=_author(event))
        return today.count() >= AUTHOR_LIMIT

    def _tell(self, post: Post, event: OpenPost) -> None:
        """The words, and each picture as an event of its own, so that words never wait for it."""
        if self._room is not None:
            self._room -= 1
        measures.note(CHANNEL, "post", network=post.network)
        said = Incoming(
            external_id=post.external_id,
            kind=EventKind.TEXT,
            sender=_sender(post),
            sent_at=event.posted_at,
            text=_words(event),
            message=post.key,
        )
        pictures = [
            Incoming(
                external_id=f"{post.external_id}:{number}",
                kind=EventKind.IMAGE,
                sender=said.sender,
                sent_at=said.sent_at,
                media=f"{post.pk}:{number}",
                message=post.key,
            )
            for number in range(len(post.media))
        ]
        inbox.receive(CHANNEL, [said, *pictures])

    def _again(self, post: Post, event: OpenPost) -> Outcome:
        """A post that is here: only a later edit of one that was not deleted changes anything."""
        edited = event.edited_at
        if post.removed_at is not None or edited is None:
            return Outcome.KNOWN
        if post.edited_at is not None and edited <= post.edited_at:
            return Outcome.KNOWN
        before, post.digest, post.edited_at = post.digest, words_of(event.text), edited
        post.sensitive = event.sensitive
        if before == post.digest:
            post.save(update_fields=["edited_at", "sensitive"])
            return Outcome.KNOWN
        repeated = post.repeats_id is not None
        post.repeats = None
        post.save(update_fields=["digest", "edited_at", "sensitive", "repeats"])
        if repeated:  # it now says something of its own
            post.media = []
            self._tell(post, event)
        else:
            edits.replace_words(post, _words(event))
        return Outcome.CHANGED

    def _remove(self, event: Gone) -> Outcome:
        post = _find(event)
        if post is not None:
            return self._erase(post)
        if self._terms.remembers:
            Post.objects.get_or_create(
                network=event.network.value,
                key=key_of(event.network, event.id),
                defaults={
                    "posted_at": self._now,
                    "taken_at": self._now,
                    "removed_at": self._now,
                },
            )
        return Outcome.UNNEEDED

    def _remove_all(self, event: AuthorGone) -> Outcome:
        mine = Post.objects.select_for_update(of=("self",)).filter(
            network=event.network.value,
            author=_hash(event.network, event.author),
            posted_at__lte=event.at,  # it may come again after the author has come back
            removed_at=None,
        )
        found = [self._erase(post) for post in mine.order_by("id")]
        return Outcome.REMOVED if found else Outcome.UNNEEDED

    def _erase(self, post: Post) -> Outcome:
        """Take back what the post said, as LINE's "unsend" does; its key stays."""
        if post.removed_at is not None:
            return Outcome.KNOWN
        if post.repeats_id is None:
            unsend = Incoming(
                external_id=f"{post.external_id}:gone",
                kind=EventKind.UNSEND,
                sender=_sender(post),
                sent_at=max(self._now, post.posted_at),
                message=post.key,
            )
            inbox.receive(CHANNEL, [unsend])
        post.removed_at = self._now
        post.native_id = post.url = post.author = ""
        post.media = []
        post.save(update_fields=["removed_at", "native_id", "url", "author", "media"])
        audit.record("sns.removed", f"post:{post.pk}", actor=f"system:{CHANNEL}")
        return Outcome.REMOVED


def _today(now: datetime) -> QuerySet[Post]:
    """What was taken in or counted since midnight (JST)."""
    midnight = clock.jst(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Post.objects.filter(taken_at__gte=midnight).exclude(digest="")


def _find(event: OpenPost | Gone) -> Post | None:
    """The post as it is kept, held until the transaction ends."""
    posts = Post.objects.select_for_update(of=("self",))
    return posts.filter(network=event.network.value, key=key_of(event.network, event.id)).first()


def _words(event: OpenPost) -> str:
    return storable(event.text)[:LONGEST]


def _link(url: str) -> str:
    """The address of the post for staff to open: only one that a browser opens safely."""
    fits = url.startswith("https://") and len(url) <= LONGEST_URL and url.isprintable()
    return storable(url) if fits else ""


def _same_words(digest: str, now: datetime) -> Post | None:
    """The post of the last day that said the same first, if it still stands."""
    return (
        Post.objects.filter(
            digest=digest, repeats=None, removed_at=None, taken_at__gte=now - SAME_WORDS_WITHIN
        )
        .order_by("id")
        .first()
    )


def _author(event: OpenPost) -> str:
    """Who wrote it, as a keyed hash; a post whose author nobody named stands for itself."""
    return _hash(event.network, event.author) if event.author else ""


def _hash(network: Network, author: str) -> str:
    return audit.keyed_hash(f"{CHANNEL}\n{network.value}\n{storable(author).casefold()}")


def _sender(post: Post) -> str:
    """By what the inbox knows the author. It must stay the same when the post is erased."""
    return f"{post.network}-{(post.author or post.key)[:40]}"
