"""Listening to Bluesky's Jetstream for one town: every public post passes by, few are kept.

Source: bluesky-social/jetstream, README and docs, section 5.1: ``/subscribe`` is open without a
token; ``cursor`` is a time in microseconds, at most 36 hours back; what an account does comes in
its order, and may come again. ``app.bsky.feed.searchPosts`` was not taken: its pages need a login,
and it tells of no deletion.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.db import transaction
from websockets.sync.client import ClientConnection

from madoguchi.channels.sns import bluesky, feeds, taking
from madoguchi.channels.sns.data import Event, Gone, OpenPost, Outcome
from madoguchi.channels.sns.station import Means, Station
from madoguchi.channels.sns.taking import Terms
from madoguchi.kernel.clock import api as clock

KEEP_CURSOR_US = 10_000_000
"""The cursor is written at least after so much time of the stream, and with every post kept."""


class BlueskyStation(Station):
    """The stream of posts over one connection."""

    def __init__(self, host: str, terms: Terms, means: Means) -> None:
        super().__init__(means)
        self.name = f"bluesky {host}"
        self._host = host
        self._terms = terms
        self._written = 0

    def _open(self) -> ClientConnection:
        kept = feeds.cursors(self.name).get(self.name, "")
        if not kept.isdecimal():  # the first time: from now on, also when this attempt fails
            kept = str(int(clock.now().timestamp() * 1_000_000))
            feeds.start(self.name, kept)
        self._written = int(kept)
        query = [
            ("wantedCollections", bluesky.COLLECTION),
            ("cursor", str(max(0, self._written - bluesky.REWIND_US))),
        ]
        url = f"wss://{self._host}/subscribe?{urlencode(query)}"
        return self._means.caller.listen(self._means.caller.as_called(url))

    def _take(self, frames: Sequence[str | bytes]) -> int:
        read = [found for raw in frames if (found := bluesky.frame(raw)) is not None]
        if not read:
            return 0
        newest = max(found.time_us for found in read)
        events = self._of_interest([found.event for found in read if found.event is not None])
        with transaction.atomic():
            outcomes = taking.take(events, self._terms)
            kept = any(o not in (Outcome.UNNEEDED, Outcome.LIMIT) for o in outcomes)
            if newest > self._written and (kept or newest - self._written >= KEEP_CURSOR_US):
                feeds.move(self.name, str(newest))
                self._written = newest
        return len(events)

    def _of_interest(self, events: Sequence[Event]) -> list[Event]:
        """Without the posts that nobody here asked for: they never reach the database.

        An edit may concern a post that is here, and a deletion a post of the same batch.
        """
        now = clock.now()
        wanted = [
            event
            for event in events
            if not isinstance(event, OpenPost)
            or event.edited_at is not None
            or self._terms.lets_in(event, now)
        ]
        return _without_unknown_deletions(wanted)


def _without_unknown_deletions(events: Sequence[Event]) -> list[Event]:
    """Deletions pass by all the time: one query says which of them concern a post that is here."""
    deleted = [event for event in events if isinstance(event, Gone)]
    if not deleted:
        return list(events)
    here = taking.known_keys([taking.key_of(gone.network, gone.id) for gone in deleted])
    coming = {event.id for event in events if isinstance(event, OpenPost)}
    return [
        event
        for event in events
        if not isinstance(event, Gone)
        or event.id in coming
        or taking.key_of(event.network, event.id) in here
    ]
