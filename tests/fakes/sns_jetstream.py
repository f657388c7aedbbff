"""A stand-in of Bluesky's Jetstream: the stream of posts with a cursor.

As the README of bluesky-social/jetstream says: ``/subscribe`` is open, ``wantedCollections`` keeps
commits of other collections away, accounts and identities always come, ``cursor`` (microseconds)
replays what is not older, inclusively, and a delivery may come twice.
"""

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from madoguchi.channels.sns.reach import Answer

from .sns_line import Listener, Query

POSTS = "app.bsky.feed.post"


@dataclass
class FakeJetstream:
    """The whole history is kept; every frame has a time of its own."""

    history: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Query] = field(default_factory=list)
    full: int = 0
    """So many connections are refused with 429."""

    _listeners: dict[Listener, set[str]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    # What people do

    def commit(
        self,
        operation: str,
        did: str,
        rkey: str,
        at: datetime,
        text: str = "",
        *,
        collection: str = POSTS,
        **other: Any,
    ) -> None:
        """Somebody creates, updates or deletes a record."""
        commit: dict[str, Any] = {
            "rev": f"3mz{len(self.history):010d}",
            "operation": operation,
            "collection": collection,
            "rkey": rkey,
        }
        if operation != "delete":
            record = {"$type": collection, "text": text, "createdAt": _iso(at)} | other
            commit |= {"record": record, "cid": "bafyreinvented"}
        self._add(did, at, {"kind": "commit", "commit": commit})

    def close_account(self, did: str, at: datetime, status: str = "deleted") -> None:
        """Somebody leaves."""
        account = {"active": False, "status": status, "did": did, "seq": 1, "time": _iso(at)}
        self._add(did, at, {"kind": "account", "account": account})

    # What the line does

    def cut(self) -> None:
        """Every connection ends."""
        with self._lock:
            listeners, self._listeners = list(self._listeners), {}
        for listener in listeners:
            listener.close()

    def send_raw(self, frame: str) -> None:
        """Send anything at all."""
        with self._lock:
            for listener in list(self._listeners):
                listener.send(frame)

    @property
    def listeners(self) -> int:
        """How many listen."""
        with self._lock:
            return len(self._listeners)

    # The wire

    def refuses(self, path: str, query: Query, token: str) -> int:
        """No token is wanted."""
        with self._lock:
            if self.full > 0:
                self.full -= 1
                return 429
        return 0 if path == "/subscribe" else 404

    def welcome(self, listener: Listener, path: str, query: Query) -> None:
        """First what is not older than the cursor, then what comes."""
        with self._lock:
            self.asked.append(query)
            wanted = {value for name, value in query if name == "wantedCollections"}
            self._listeners[listener] = wanted
            cursor = dict(query).get("cursor")
            for event in self.history:
                if cursor is not None and event["time_us"] >= int(cursor):
                    self._send(listener, wanted, event)

    def farewell(self, listener: Listener) -> None:
        """A listener is gone."""
        with self._lock:
            self._listeners.pop(listener, None)

    def hear(self, listener: Listener, message: str) -> None:
        """We say nothing."""
        raise AssertionError(message)

    def answer(self, path: str, query: Query, token: str) -> Answer:
        """There are no pages here."""
        return Answer(404, b"", {})

    def _add(self, did: str, at: datetime, event: dict[str, Any]) -> None:
        with self._lock:
            last = self.history[-1]["time_us"] if self.history else 0
            time_us = max(int(at.timestamp() * 1_000_000), last + 1)
            event = {"did": did, "time_us": time_us, "cursor": len(self.history) + 1} | event
            self.history.append(event)
            for listener, wanted in list(self._listeners.items()):
                self._send(listener, wanted, event)

    @staticmethod
    def _send(listener: Listener, wanted: set[str], event: dict[str, Any]) -> None:
        collection = event.get("commit", {}).get("collection")
        if collection is None or not wanted or collection in wanted:
            listener.send(json.dumps(event, ensure_ascii=False))


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
