"""Start the stand-in: ``start(webhook_url, secret, token)`` returns a ``FakeLine``."""

import contextlib
import secrets
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from madoguchi.channels.demo.fake_line.api import Answer, Api, Request
from madoguchi.channels.demo.fake_line.faults import Fault, Faults, Trouble
from madoguchi.channels.demo.fake_line.ledger import Content, Ledger, Person, Told
from madoguchi.channels.demo.fake_line.webhooks import Webhooks

HANG_S = 60.0
REDELIVERY_S = (1.0, 5.0, 20.0)
"""A webhook without a good answer is sent again after these pauses, as LINE does."""


class FakeLine:
    """A running stand-in for LINE with its ledger, its faults, and the hands of its users."""

    def __init__(self, webhook_url: str, secret: str, token: str, port: int = 0) -> None:
        self._ahead = 0.0
        self.bot_id = "U" + secrets.token_hex(16)
        self.ledger = Ledger(lambda: time.time() + self._ahead)
        self.faults = Faults()
        self.webhooks = Webhooks(self.ledger, webhook_url, secret, self.bot_id)
        self.api = Api(self.ledger, token, self.bot_id, self.webhooks)
        self._ending = threading.Event()
        self._servers = [_Server(self, port, blobs=False), _Server(self, 0, blobs=True)]
        self.host, self.data_host = (server.url for server in self._servers)
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Close the ports; hanging requests end."""
        self._ending.set()
        self.faults.clear()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def __enter__(self) -> "FakeLine":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def advance(self, seconds: float) -> None:
        """Let time pass, for reply tokens and retry keys."""
        self._ahead += seconds

    # What people do

    def person(self, name: str = "見本", *, user: str = "", following: bool = True) -> str:
        """Make an invented user; returns the id."""
        user = user or "U" + secrets.token_hex(16)
        with self.ledger.lock:
            self.ledger.people[user] = Person(user, name, following=following)
        return user

    def group(self, *members: str) -> str:
        """Make a group chat with the account in it; returns the id."""
        group = "C" + secrets.token_hex(16)
        with self.ledger.lock:
            self.ledger.groups[group] = set(members)
        return group

    def send_text(self, user: str, text: str, *, group: str = "", wait: bool = True) -> Told:
        """A user writes."""
        return self._message(user, group, wait, type="text", text=text, quoteToken=_quote())

    def send_image(
        self, user: str, data: bytes, media_type: str = "image/jpeg", *, wait: bool = True
    ) -> Told:
        """A user sends a photo; the town fetches it from the data host."""
        number = self.ledger.new_number()
        with self.ledger.lock:
            self.ledger.content[number] = Content(data, media_type)
        provider = {"type": "line"}
        return self._message(
            user, "", wait, id=number, type="image", contentProvider=provider, quoteToken=_quote()
        )

    def send_location(
        self,
        user: str,
        latitude: float,
        longitude: float,
        *,
        title: str = "",
        address: str = "",
        wait: bool = True,
    ) -> Told:
        """A user sends a place on the map."""
        words = {k: v for k, v in (("title", title), ("address", address)) if v}
        return self._message(
            user, "", wait, type="location", latitude=latitude, longitude=longitude, **words
        )

    def send_postback(self, user: str, data: str, *, wait: bool = True) -> Told:
        """A user touches a button that carries data."""
        return self._tell("postback", user, wait=wait, postback={"data": data})

    def follow(self, user: str, *, wait: bool = True) -> Told:
        """A user adds the account, or unblocks it."""
        with self.ledger.lock:
            known = any(
                told.event["type"] == "unfollow" and _by(told, user) for told in self.ledger.told
            )
            self.ledger.people[user].following = True
        return self._tell("follow", user, wait=wait, follow={"isUnblocked": known})

    def block(self, user: str, *, wait: bool = True) -> Told:
        """A user blocks the account; nothing reaches them any more."""
        with self.ledger.lock:
            self.ledger.people[user].following = False
        return self._tell("unfollow", user, wait=wait, replies=False)

    def unsend(self, user: str, message: str, *, wait: bool = True) -> Told:
        """A user takes a message back."""
        with self.ledger.lock:
            self.ledger.content.pop(message, None)
        return self._tell("unsend", user, wait=wait, replies=False, unsend={"messageId": message})

    def redeliver(self, told: Told) -> int:
        """Send the same event once more."""
        return self.webhooks.send(told, again=True)

    def _message(self, user: str, group: str, wait: bool, **message: object) -> Told:
        message.setdefault("id", self.ledger.new_number())
        return self._tell("message", user, group=group, wait=wait, message=message)

    def _tell(
        self,
        kind: str,
        user: str,
        *,
        group: str = "",
        wait: bool,
        replies: bool = True,
        **fields: object,
    ) -> Told:
        source: dict[str, object] = {"type": "user", "userId": user}
        if group:
            source = {"type": "group", "groupId": group, "userId": user}
        told = self.webhooks.event(kind, source, replies=replies, **fields)
        if wait:
            self.webhooks.send(told)
        else:
            threading.Thread(target=self._insist, args=(told,), daemon=True).start()
        return told

    def _insist(self, told: Told) -> None:
        for pause in REDELIVERY_S:
            if self.webhooks.send(told) // 100 == 2 or self._ending.wait(pause):
                return
        self.webhooks.send(told)


def start(webhook_url: str, secret: str, token: str, port: int = 0) -> FakeLine:
    """Start on 127.0.0.1; ``port`` 0 takes a free one. Events go signed to ``webhook_url``."""
    return FakeLine(webhook_url, secret, token, port)


def _quote() -> str:
    return secrets.token_urlsafe(24)


def _by(told: Told, user: str) -> bool:
    source = told.event["source"]
    return isinstance(source, dict) and source.get("userId") == user


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, line: FakeLine, port: int, *, blobs: bool) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.line = line
        self.blobs = blobs
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        """Send small answers at once."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, format: str, *args: object) -> None:
        """The ledger is the log."""

    def do_GET(self) -> None:
        """Answer a GET."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._serve()

    def do_DELETE(self) -> None:
        """Answer a DELETE."""
        self._serve()

    def do_PUT(self) -> None:
        """Answer a PUT."""
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body, self.server.blobs)
        line = self.server.line
        fault = line.faults.take(request.path)
        answer = _trouble(line, request, fault) if fault else line.api.answer(request)
        if answer is None:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._write(answer)

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)


def _trouble(line: FakeLine, request: Request, fault: Fault) -> Answer | None:
    """Fail as planned; None closes the connection without an answer."""
    if fault.trouble is Trouble.LATE:
        line.faults.wait(fault.seconds)
        return line.api.answer(request, fault="late")
    if fault.trouble in (Trouble.LOST, Trouble.LOST_500):
        line.api.answer(request, fault=fault.trouble.value)
        if fault.trouble is Trouble.LOST_500:
            return Answer(500, b'{"message": "Internal server error"}')
        line.faults.wait(fault.seconds)
        return None
    if fault.trouble is Trouble.HANG:
        line.faults.wait(HANG_S)
    if fault.trouble in (Trouble.HANG, Trouble.CLOSE):
        line.api.note(request, Answer(0, b""), "", fault=fault.trouble.value)
        return None
    message = "The API rate limit has been exceeded. Try again later."
    text = message if fault.status == 429 else "Internal server error"
    answer = Answer(fault.status, f'{{"message": "{text}"}}'.encode())
    line.api.note(request, answer, "", fault="status")
    headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    return Answer(answer.status, answer.body, headers=headers)
