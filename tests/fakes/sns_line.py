"""What both stand-ins of social networks share: real sockets, and lines without sockets.

A stand-in answers HTTP requests and sends frames to its listeners. ``running`` puts it behind a
real WebSocket server; ``InProcess`` is a caller that reaches it directly, for thousands of steps.
"""

import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from madoguchi.channels.sns.reach import Answer, Unreachable

Query = list[tuple[str, str]]


class Killed(BaseException):
    """The process dies here."""


class Listener(Protocol):
    """Somebody to whom frames are sent."""

    def send(self, frame: str) -> None:
        """Send one frame."""

    def close(self) -> None:
        """End the connection."""


class Network(Protocol):
    """A stand-in."""

    def answer(self, path: str, query: Query, token: str) -> Answer:
        """Answer a GET."""

    def refuses(self, path: str, query: Query, token: str) -> int:
        """The status with which a WebSocket is refused, 0 when it is welcome."""

    def welcome(self, listener: Listener, path: str, query: Query) -> None:
        """Somebody listens now."""

    def hear(self, listener: Listener, message: str) -> None:
        """A listener said something."""

    def farewell(self, listener: Listener) -> None:
        """A listener is gone."""


@contextmanager
def running(network: Network) -> Iterator[str]:
    """Put a stand-in behind a real server on this machine; yields its host and port."""

    def answer(connection: ServerConnection, request: Request) -> Response | None:
        parts = urlsplit(request.path)
        query, token = parse_qsl(parts.query), _token(request.headers.get("Authorization", ""))
        if "Upgrade" in request.headers:
            status = network.refuses(parts.path, query, token)
            return connection.respond(status, "no\n") if status else None
        found = network.answer(parts.path, query, token)
        headers = Headers({"Connection": "close", "Content-Length": str(len(found.body))})
        for name, value in found.headers.items():
            headers[name] = value
        return Response(found.status, "", headers, found.body)

    def talk(connection: ServerConnection) -> None:
        assert connection.request is not None
        parts = urlsplit(connection.request.path)
        listener = _Safe(connection)
        network.welcome(listener, parts.path, parse_qsl(parts.query))
        with suppress(ConnectionClosed):
            for message in connection:
                network.hear(listener, str(message))
        network.farewell(listener)

    with serve(talk, "127.0.0.1", 0, process_request=answer, compression=None) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        host, port = server.socket.getsockname()[:2]
        yield f"{host}:{port}"
        server.shutdown()
        thread.join()


@dataclass
class _Safe:
    """A connection to which sending never raises."""

    connection: ServerConnection

    def send(self, frame: str) -> None:
        with suppress(ConnectionClosed):
            self.connection.send(frame)

    def close(self) -> None:
        self.connection.close()

    def __hash__(self) -> int:
        return id(self.connection)


@dataclass(eq=False)
class Line:
    """A connection without a socket; what ``recv`` and ``close`` do is as in ``websockets``."""

    network: Network
    waiting: deque[str | bytes] = field(default_factory=deque)
    closed: bool = False
    dies_after: int | None = None

    def send(self, message: str) -> None:
        """To the network when called by our side, from it when the network calls."""
        if message.startswith('{"type": "subscribe"'):
            self.network.hear(self, message)
        else:
            self.waiting.append(message)

    def recv(self, timeout: float | None = None) -> str | bytes:
        """The next frame, as fast as there is one."""
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after < 0:
                raise Killed
        if self.waiting:
            return self.waiting.popleft()
        if self.closed:
            raise ConnectionClosedOK(None, None)
        raise TimeoutError

    def close(self) -> None:
        """End it."""
        self.closed = True
        self.network.farewell(self)


@dataclass
class InProcess:
    """A ``Caller`` that knows one stand-in alone; ``lines`` are those that it opened."""

    network: Network
    lines: list[Line] = field(default_factory=list)
    down: bool = False
    dies_after: int | None = None

    def as_called(self, url: str) -> str:
        """As it is."""
        return url

    def get(
        self, url: str, *, query: Sequence[tuple[str, str]] = (), token: str = "", most: int = 0
    ) -> Answer:
        """Ask the stand-in."""
        self._may_die()
        if self.down:
            raise Unreachable("つながりません。")
        return self.network.answer(urlsplit(url).path, list(query), token)

    def listen(self, url: str, *, token: str = "") -> Any:
        """Open a line to the stand-in."""
        self._may_die()
        parts = urlsplit(url)
        query = parse_qsl(parts.query)
        status = 503 if self.down else self.network.refuses(parts.path, query, token)
        if status:
            raise Unreachable("断られました。", status=status)
        line = Line(self.network)
        self.lines.append(line)
        self.network.welcome(line, parts.path, query)
        return line

    def _may_die(self) -> None:
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after < 0:
                raise Killed


def json_answer(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in JSON."""
    return Answer(status, body, {"content-type": "application/json", **(headers or {})})


def _token(authorization: str) -> str:
    kind, _, token = authorization.partition(" ")
    return token if kind == "Bearer" else ""
