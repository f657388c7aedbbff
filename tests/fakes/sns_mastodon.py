"""A stand-in of a Mastodon server: streaming and the few REST methods that we call.

It is strict where docs.joinmastodon.org says so: a token is wanted everywhere, ``min_id`` pages
forward, at most 40 posts a page, payloads are strings, a deletion carries the bare id. ``limited``
makes it answer 429. It forgets nothing but what is deleted.
"""

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from madoguchi.channels.sns.reach import Answer

from .sns_line import Listener, Query, json_answer

TOKEN = "token-of-the-stand-in"
TAG = "調布市災害"
MOST = 40


@dataclass
class FakeMastodon:
    """A server at ``host``; its clock is handed in with every post."""

    host: str = "mastodon.example"
    streaming: str = ""
    old: bool = False
    """Before 4.3: there is no "View multiple statuses"."""

    statuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    limited: int = 0
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    _streams: dict[Listener, set[str]] = field(default_factory=dict)
    _number: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    # What people do

    def write(
        self, text: str, at: datetime, *, tags: tuple[str, ...] = (TAG,), **other: Any
    ) -> str:
        """Somebody posts; returns the id."""
        with self._lock:
            self._number += 1
            id_ = str((int(at.timestamp() * 1000) << 16) + self._number)
            name = f"person{self._number}"
            status = {
                "id": id_,
                "created_at": _iso(at),
                "edited_at": None,
                "sensitive": False,
                "spoiler_text": "",
                "visibility": "public",
                "uri": f"https://{self.host}/users/{name}/statuses/{id_}",
                "url": f"https://{self.host}/@{name}/{id_}",
                "content": f"<p>{text}</p>",
                "reblog": None,
                "account": {"id": "1", "username": name, "acct": name, "bot": False},
                "media_attachments": [],
                "tags": [{"name": tag} for tag in tags],
            } | other
            self.statuses[id_] = status
            self._tell("update", json.dumps(status, ensure_ascii=False), status)
            return id_

    def edit(self, id_: str, text: str, at: datetime) -> None:
        """Somebody changes a post."""
        with self._lock:
            status = self.statuses[id_]
            status |= {"content": f"<p>{text}</p>", "edited_at": _iso(at)}
            self._tell("status.update", json.dumps(status, ensure_ascii=False), status)

    def delete(self, id_: str) -> None:
        """Somebody deletes a post."""
        with self._lock:
            status = self.statuses.pop(id_)
            self._tell("delete", id_, status)

    def picture(self, name: str, content: bytes) -> dict[str, Any]:
        """An attachment for ``write(media_attachments=[...])``."""
        self.pictures[name] = content
        return {"type": "image", "url": f"https://{self.host}/media/{name}"}

    # What the line does

    def cut(self) -> None:
        """Every connection ends."""
        with self._lock:
            listeners, self._streams = list(self._streams), {}
        for listener in listeners:
            listener.close()

    def send_raw(self, frame: str) -> None:
        """Send anything at all."""
        with self._lock:
            for listener in list(self._streams):
                listener.send(frame)

    @property
    def listeners(self) -> int:
        """How many listen to something."""
        with self._lock:
            return sum(bool(streams) for streams in self._streams.values())

    # The wire

    def refuses(self, path: str, query: Query, token: str) -> int:
        """Only with a token, and only at the one address."""
        if path != "/api/v1/streaming":
            return 400
        return 0 if token == TOKEN else 401

    def welcome(self, listener: Listener, path: str, query: Query) -> None:
        """Nothing is sent before a subscription."""
        with self._lock:
            self._streams[listener] = set()

    def farewell(self, listener: Listener) -> None:
        """A listener is gone."""
        with self._lock:
            self._streams.pop(listener, None)

    def hear(self, listener: Listener, message: str) -> None:
        """A subscription."""
        with self._lock:
            self.said.append(message)
            asked = json.loads(message)
            named = asked.get("tag") or asked.get("list")
            known = {"hashtag": bool(named), "list": bool(named), "user": True}
            if asked.get("type") != "subscribe" or not known.get(asked.get("stream")):
                listener.send('{"error": "Unknown stream type", "status": 400}')
                return
            name = f"{asked['stream']}:{named}" if named else asked["stream"]
            self._streams.setdefault(listener, set()).add(name)

    def answer(self, path: str, query: Query, token: str) -> Answer:
        """Answer a GET."""
        with self._lock:
            self.asked.append(path)
            if path.startswith("/media/"):
                found = self.pictures.get(path.removeprefix("/media/"))
                return Answer(200, found, {}) if found else Answer(404, b"", {})
            if self.limited > 0:
                self.limited -= 1
                reset = datetime.now(UTC) + timedelta(minutes=2)
                return json_answer(429, b"{}", {"x-ratelimit-reset": _iso(reset)})
            if path == "/api/v2/instance":
                told = {"configuration": {"urls": {"streaming": f"wss://{self._streaming_host()}"}}}
                return json_answer(200, json.dumps(told).encode())
            if token != TOKEN:
                return json_answer(401, b'{"error": "The access token is invalid"}')
            return self._statuses(path, query)

    def _streaming_host(self) -> str:
        return self.streaming or self.host

    def _statuses(self, path: str, query: Query) -> Answer:
        asked = dict(query)
        if path == "/api/v1/statuses" and not self.old:
            wanted = {value for name, value in query if name == "id[]"}
            found = [s for id_, s in self.statuses.items() if id_ in wanted]
        elif path.startswith("/api/v1/timelines/tag/"):
            tag = unquote(path.rpartition("/")[2])
            found = self._page(asked, [s for s in self.statuses.values() if _has(s, tag)])
        elif path == "/api/v1/timelines/home" or path.startswith("/api/v1/timelines/list/"):
            found = self._page(asked, list(self.statuses.values()))
        else:
            return json_answer(404, b'{"error": "Record not found"}')
        body = json.dumps(found, ensure_ascii=False).encode()
        return json_answer(200, body, {"x-ratelimit-remaining": "250"})

    def _page(self, asked: dict[str, str], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """As documented: ``min_id`` gives the next newer ones, else the newest; newest first."""
        limit = min(MOST, int(asked.get("limit", "20")))
        found = sorted(found, key=lambda s: int(s["id"]))
        if "min_id" in asked:
            found = [s for s in found if int(s["id"]) > int(asked["min_id"])][:limit]
        return found[::-1][:limit]

    def _tell(self, event: str, payload: str, status: dict[str, Any]) -> None:
        for listener, streams in list(self._streams.items()):
            for stream in sorted(streams):
                kind, _, name = stream.partition(":")
                if kind == "hashtag" and not _has(status, name):
                    continue
                frame = {"stream": [kind, name] if name else [kind], "event": event}
                listener.send(json.dumps(frame | {"payload": payload}, ensure_ascii=False))


def _has(status: dict[str, Any], tag: str) -> bool:
    return any(item["name"] == tag for item in status["tags"])


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
