"""What people do reaches the town as LINE would send it: signed, whole, and again when needed."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from madoguchi.channels.demo.fake_line import server
from madoguchi.channels.demo.fake_line.server import FakeLine

from . import official
from .conftest import SECRET, TOKEN


@dataclass
class Town:
    """An endpoint that keeps what it is sent, and the stand-in that sends."""

    line: FakeLine
    user: str
    status: int = 200
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def events(self) -> list[dict[str, Any]]:
        """All events, as they came."""
        return [event for body in self.bodies for event in json.loads(body)["events"]]


@pytest.fixture
def town() -> Iterator[Town]:
    """A town with one follower."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with made.arrived:
                made.bodies.append(body)
                made.signatures.append(self.headers["X-Line-Signature"])
                made.arrived.notify_all()
            self.send_response(made.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening = threading.Thread(target=listener.serve_forever, args=(0.05,))
    with server.start(f"http://127.0.0.1:{listener.server_port}/", SECRET, TOKEN) as line:
        made = Town(line, line.person("見本"))
        listening.start()
        yield made
    listener.shutdown()
    listener.server_close()
    listening.join()


DONE: list[Callable[[FakeLine, str], object]] = [
    lambda line, user: line.send_text(user, "国領町4丁目で停電しています"),
    lambda line, user: line.send_text(user, "みなさんへ", group=line.group(user)),
    lambda line, user: line.send_image(user, b"\xff\xd8 photo"),
    lambda line, user: line.send_location(user, 35.65, 139.54, title="調布駅"),
    lambda line, user: line.send_postback(user, "yes"),
    lambda line, user: line.follow(user),
    lambda line, user: line.block(user),
    lambda line, user: line.unsend(user, "1"),
]


@pytest.mark.parametrize("do", DONE)
def test_a_webhook_is_signed_and_keeps_to_the_description(
    town: Town, do: Callable[[FakeLine, str], object]
) -> None:
    do(town.line, town.user)
    (body,) = town.bodies
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    assert town.signatures == [base64.b64encode(digest).decode()]
    official.schema("CallbackRequest", of="webhook").validate(json.loads(body))


def test_who_comes_back_after_blocking_is_no_new_follower(town: Town) -> None:
    town.line.follow(town.user)
    town.line.block(town.user)
    town.line.follow(town.user)
    follows = [event for event in town.events() if event["type"] == "follow"]
    assert [event["follow"]["isUnblocked"] for event in follows] == [False, True]


def test_an_event_that_comes_again_is_the_same_and_says_so(town: Town) -> None:
    told = town.line.send_text(town.user, "一度だけ")
    town.line.redeliver(told)
    first, second = town.events()
    assert first["webhookEventId"] == second["webhookEventId"]
    assert first["replyToken"] == second["replyToken"]
    assert [e["deliveryContext"]["isRedelivery"] for e in (first, second)] == [False, True]


def test_events_may_come_late_in_another_order_and_together(town: Town) -> None:
    source: dict[str, object] = {"type": "user", "userId": town.user}
    events = [
        town.line.webhooks.event(
            "message", source, message={"id": str(n), "type": "text", "text": str(n)}
        )
        for n in (1, 2, 3)
    ]
    assert town.line.webhooks.send(events[2], events[0]) == 200
    assert town.line.webhooks.send(events[1]) == 200
    assert [event["message"]["text"] for event in town.events()] == ["3", "1", "2"]


def test_what_the_town_does_not_take_is_sent_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "REDELIVERY_S", (0.01,))
    town.status = 500
    told = town.line.send_text(town.user, "聞こえますか", wait=False)
    with town.arrived:
        assert town.arrived.wait_for(lambda: len(town.bodies) == 2, timeout=10)
    again = town.events()[-1]
    assert again["webhookEventId"] == told.event["webhookEventId"]
    assert again["deliveryContext"]["isRedelivery"] is True


def test_a_town_that_is_closed_is_noted(town: Town) -> None:
    with server.start("http://127.0.0.1:9/none", SECRET, TOKEN) as line:
        assert line.send_text(line.person(), "もしもし").answers == [0]
