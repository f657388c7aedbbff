"""Signed webhooks: what people do in the app, told to the town."""

import base64
import hashlib
import hmac
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Sequence

from madoguchi.channels.demo.fake_line.ledger import Ledger, Told

BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TIMEOUT_S = 10.0
NO_ANSWER = 0


def sign(secret: str, body: bytes) -> str:
    """The signature of a body: HMAC-SHA256 with the channel secret, in Base64."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def new_event_id(at: float) -> str:
    """An id in ULID format: 48 bits of milliseconds, 80 bits of chance."""
    number = (int(at * 1000) << 80) | secrets.randbits(80)
    return "".join(BASE32[(number >> shift) & 31] for shift in range(125, -1, -5))


class Webhooks:
    """Builds events and sends them to the town's endpoint."""

    def __init__(self, ledger: Ledger, url: str, secret: str, bot_id: str) -> None:
        self.ledger = ledger
        self.url = url
        self.secret = secret
        self.bot_id = bot_id
        self.active = True

    def event(
        self, kind: str, source: dict[str, object], *, replies: bool = True, **fields: object
    ) -> Told:
        """Make an event and write it into the ledger; it is not sent yet."""
        now = self.ledger.now()
        made: dict[str, object] = {
            "type": kind,
            "mode": "active",
            "timestamp": int(now * 1000),
            "source": source,
            "webhookEventId": new_event_id(now),
            "deliveryContext": {"isRedelivery": False},
            **fields,
        }
        if replies:
            made["replyToken"] = self.ledger.new_token(chat_of(source))
        told = Told(now, made)
        with self.ledger.lock:
            self.ledger.told.append(told)
        return told

    def send(self, *events: Told, again: bool = False) -> int:
        """Send events in one webhook; returns the status of the answer, 0 when there was none."""
        bodies = [
            {**told.event, "deliveryContext": {"isRedelivery": again or bool(told.answers)}}
            for told in events
        ]
        status = self.post(self.body(bodies))
        for told in events:
            told.answers.append(status)
        return status

    def body(self, events: Sequence[dict[str, object]]) -> bytes:
        """The body of a webhook."""
        return json.dumps(
            {"destination": self.bot_id, "events": list(events)}, ensure_ascii=False
        ).encode()

    def post(self, body: bytes, signature: str | None = None, *, url: str = "") -> int:
        """Post a body with its (or another) signature to the endpoint (or another)."""
        request = urllib.request.Request(  # noqa: S310 (our own address)
            url or self.url,
            data=body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "LineBotWebhook/2.0",
                "X-Line-Signature": sign(self.secret, body) if signature is None else signature,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return NO_ANSWER


def chat_of(source: dict[str, object]) -> str:
    """Where an answer to an event goes: the group or room, else the user."""
    return str(source.get("groupId") or source.get("roomId") or source.get("userId"))
