"""Which open posts a town needs; everything else is never stored.

Pure: the gazetteer is handed in as a function.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from madoguchi.channels.sns.data import OpenPost
from madoguchi.kernel.places.data import Accuracy, Mention

FindPlaces = Callable[[str], Sequence[Mention]]
"""The places that a text names, as the gazetteer of the town reads it."""

LONGEST = 10_000
OLDEST = timedelta(hours=24)
AHEAD = timedelta(minutes=10)

EXACT = frozenset({Accuracy.PIN, Accuracy.ADDRESS, Accuracy.BLOCK, Accuracy.FACILITY})
"""A district alone (富士見町) has namesakes all over the country and does not name the town."""

SURE = 0.8


@dataclass(frozen=True, slots=True)
class Sieve:
    """What a town asked for, already in the plain form of ``plain``.

    A post must hold one of ``words`` and must tell of the town: by its name or one of ``names``,
    by one of ``tags``, or by a place that the gazetteer knows there while no other town is named.
    """

    town: str
    words: tuple[str, ...]
    names: tuple[str, ...]
    tags: frozenset[str]
    ignored: frozenset[str]
    find: FindPlaces

    def lets_in(self, post: OpenPost, now: datetime) -> bool:
        """Whether the town needs a post of a stream."""
        if not post.public or post.bot or self._is_ignored(post.author):
            return False
        if not now - OLDEST <= post.posted_at <= now + AHEAD or len(post.text) > LONGEST:
            return False
        text = plain(post.text)
        if not any(word in text for word in self.words):
            return False
        return self._tells_of_the_town(post, text)

    def _is_ignored(self, author: str) -> bool:
        name = plain(author).lstrip("@")
        return name in self.ignored or name.partition("@")[0] in self.ignored

    def _tells_of_the_town(self, post: OpenPost, text: str) -> bool:
        if self.tags.intersection(plain(tag) for tag in post.tags):
            return True
        if any(name in text for name in (self.town, *self.names)):
            return True
        found = self.find(post.text)
        return not any(m.elsewhere for m in found) and any(_is_here(m) for m in found)


def plain(text: str) -> str:
    """Full and half width, capitals and small letters are one (NFKC, case folded)."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _is_here(mention: Mention) -> bool:
    place = mention.place
    return mention.exists and mention.score >= SURE and place.accuracy in EXACT
