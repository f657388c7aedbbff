"""Listening to one Mastodon server for one town.

Source: docs.joinmastodon.org, methods/streaming, methods/timelines, methods/statuses,
methods/instance, api/rate-limits. First the subscription, then the posts since the cursor by REST:
nothing falls between the two, and what comes twice is known. While the posts of a gap are being
fetched, their pages alone move the cursor: after a crash the rest of the gap is still ahead.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any
from urllib.parse import quote, urlsplit

from django.db import transaction
from websockets.sync.client import ClientConnection

from madoguchi.channels.sns import feeds, mastodon, pictures, taking
from madoguchi.channels.sns.data import Event, Gone, Network
from madoguchi.channels.sns.models import Post
from madoguchi.channels.sns.reach import Answer, Unreachable
from madoguchi.channels.sns.setup import Mastodon
from madoguchi.channels.sns.station import Means, Station
from madoguchi.channels.sns.taking import Terms
from madoguchi.kernel.clock import api as clock

PAGE = 40
REQUESTS_A_STEP = 5
LOOKED_AGAIN = 400
AT_ONCE = 20
LOOK_BACK = timedelta(hours=24)
KEEP_REQUESTS = 10
"""A server counts our requests (300 in five minutes); that many are left to others."""


class MastodonStation(Station):
    """All streams of a town over one connection."""

    def __init__(self, account: Mastodon, terms: Terms, means: Means) -> None:
        super().__init__(means)
        self.name = f"mastodon {account.host}"
        self._account = account
        self._terms = terms
        self._gap: Iterator[None] | None = None
        self._newest: dict[str, str] = {}

    def _open(self) -> ClientConnection:
        line = self._means.caller.listen(self._stream_url(), token=self._account.token)
        try:
            for stream in self._account.streams:
                line.send(json.dumps(_subscription(stream), ensure_ascii=False))
        except Exception as error:
            line.close()
            raise Unreachable("つながりが切れました。つなぎ直しています。") from error
        self._gap = self._catch_up()
        return line

    def _take(self, frames: Sequence[str | bytes]) -> int:
        read = []
        for raw in frames:
            try:
                found = mastodon.frame(self._account.host, raw)
            except mastodon.Problem as error:
                raise Unreachable(f"サーバーが断りました：{error}") from error
            if found is not None:
                read.append(found)
        for found in read:
            if found.stream in self._account.streams and not isinstance(found.event, Gone):
                self._saw(found.stream, found.status_id)
        if read or (self._newest and self._gap is None):
            with transaction.atomic():
                taking.take([found.event for found in read], self._terms)
                if self._gap is None:
                    self._move_cursors()
        if self._gap is not None and len(list(islice(self._gap, REQUESTS_A_STEP))) == 0:
            self._gap = None
        return len(read)

    def _catch_up(self) -> Iterator[None]:
        """Take what was written, changed and deleted while nobody listened; a request a step."""
        known = feeds.cursors(f"{self.name} ")
        for stream in self._account.streams:
            after = known.get(self._feed(stream), "")
            for page in self._pages(stream, after):
                newest = after
                for status in page:
                    newest = mastodon.newer(newest, str(status.get("id", "")))
                with transaction.atomic():
                    taking.take(self._posts(page), self._terms)
                    if newest:
                        feeds.move(self._feed(stream), newest)
                yield
        yield from self._look_again()

    def _pages(self, stream: str, after: str) -> Iterator[list[dict[str, Any]]]:
        """The posts after a cursor, oldest page first; without a cursor the newest page alone."""
        query = [("limit", str(PAGE))]
        if not after:
            yield self._statuses(_timeline(stream), query)
            return
        at = mastodon.some_time_before(after)
        while True:
            page = self._statuses(_timeline(stream), [*query, ("min_id", at)])
            yield page
            newest = at
            for status in page:
                newest = mastodon.newer(newest, str(status.get("id", "")))
            if len(page) < PAGE or newest == at:
                return
            at = newest

    def _look_again(self) -> Iterator[None]:
        """Ask for the posts of the last day anew: some may have been changed or deleted."""
        recent = (
            Post.objects.filter(
                network=Network.MASTODON.value,
                removed_at=None,
                native_id__startswith=f"{self._account.host}/",
                taken_at__gte=clock.now() - LOOK_BACK,
            )
            .order_by("-id")
            .values_list("native_id", flat=True)[:LOOKED_AGAIN]
        )
        ids = [name.rpartition("/")[2] for name in recent]
        for start in range(0, len(ids), AT_ONCE):
            asked = ids[start : start + AT_ONCE]
            answer = self._ask("/api/v1/statuses", [("id[]", id_) for id_ in asked])
            if answer.status == 404:  # before Mastodon 4.3
                return
            statuses = _list(answer)
            there = {str(status.get("id", "")) for status in statuses}
            gone: list[Event] = [
                Gone(Network.MASTODON, mastodon.identity(self._account.host, id_))
                for id_ in asked
                if id_ not in there
            ]
            taking.take([*self._posts(statuses), *gone], self._terms)
            yield

    def _posts(self, statuses: Sequence[Mapping[str, Any]]) -> list[Event]:
        found = (mastodon.post(self._account.host, status) for status in statuses)
        return [post for post in found if post is not None]

    def _statuses(self, path: str, query: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        answer = self._ask(path, query)
        if answer.status == 404:  # a hashtag that nobody has used yet
            return []
        return _list(answer)

    def _ask(self, path: str, query: Sequence[tuple[str, str]]) -> Answer:
        """One request. Raises ``Unreachable`` when the server wants us to wait, or has failed."""
        url = f"https://{self._account.host}{path}"
        answer = self._means.caller.get(
            self._means.caller.as_called(url), query=query, token=self._account.token
        )
        left = answer.headers.get("x-ratelimit-remaining", "")
        if answer.status == 429 or (left.isdecimal() and int(left) < KEEP_REQUESTS):
            raise Unreachable(
                "サーバーが混んでいるため、少し待ってから続きを受け取ります。",
                status=429,
                retry_after_s=_reset_in(answer.headers),
            )
        if answer.status in (401, 403):
            raise Unreachable(
                "アクセストークンが使えません。作り直して入れてください。", status=answer.status
            )
        if answer.status not in (200, 404):
            raise Unreachable(f"サーバーが {answer.status} と答えました。", status=answer.status)
        return answer

    def _stream_url(self) -> str:
        """Where the streams are: the instance says so; another host must be one that is allowed."""
        answer = self._ask("/api/v2/instance", [])
        told = _object(answer)
        for name in ("configuration", "urls", "streaming"):
            told = told.get(name) if isinstance(told, dict) else None
        host = urlsplit(told).netloc if isinstance(told, str) else ""
        allowed = (self._account.host, *self._account.other_hosts)
        if host and not any(pictures.is_of(host.lower(), own) for own in allowed):
            raise Unreachable(
                f"受け取り口が別のサーバー（{host[:100]}）です。"
                "よければ「ほかのアドレス」に加えてください。"
            )
        url = f"wss://{host or self._account.host}/api/v1/streaming"
        return self._means.caller.as_called(url)

    def _saw(self, stream: str, status_id: str) -> None:
        self._newest[stream] = mastodon.newer(self._newest.get(stream, ""), status_id)

    def _move_cursors(self) -> None:
        for stream, newest in self._newest.items():
            if newest:
                feeds.move(self._feed(stream), newest)
        self._newest.clear()

    def _feed(self, stream: str) -> str:
        return f"{self.name} {stream}"[:200]


def _subscription(stream: str) -> dict[str, str]:
    kind, _, name = stream.partition(":")
    named = {"hashtag": {"tag": name}, "list": {"list": name}}.get(kind, {})
    return {"type": "subscribe", "stream": kind, **named}


def _timeline(stream: str) -> str:
    kind, _, name = stream.partition(":")
    if kind == "user":
        return "/api/v1/timelines/home"
    place = "tag" if kind == "hashtag" else "list"
    return f"/api/v1/timelines/{place}/{quote(name, safe='')}"


def _object(answer: Answer) -> object:
    try:
        return json.loads(answer.body) if answer.status == 200 else None
    except (ValueError, RecursionError):
        return None


def _list(answer: Answer) -> list[dict[str, Any]]:
    content = _object(answer)
    if not isinstance(content, list):
        raise Unreachable("サーバーの答えを読めません。")
    return [item for item in content if isinstance(item, dict)]


def _reset_in(headers: Mapping[str, str]) -> float | None:
    """Seconds until the server counts anew (``X-RateLimit-Reset``, ISO 8601)."""
    if (after := headers.get("retry-after", "")).isdecimal():
        return float(after)
    reset = mastodon.moment(headers.get("x-ratelimit-reset"))
    if reset is None:
        return None
    return min(600.0, max(1.0, (reset - clock.now()).total_seconds()))
