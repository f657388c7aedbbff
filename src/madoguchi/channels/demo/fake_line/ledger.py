"""What the stand-in for LINE remembers: people, what it was asked, sent and told."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from madoguchi.channels.demo.fake_line.richmenus import RichMenu

REPLY_SECONDS = 60.0
KEY_SECONDS = 24 * 3600.0


@dataclass(slots=True)
class Person:
    """An invented LINE user."""

    id: str
    name: str
    language: str = "ja"
    following: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to the API. ``rules`` names the rules it broke."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int
    answer: bytes
    request_id: str
    rules: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages that LINE accepted for one receiver; ``delivered`` is False when it is blocked."""

    at: float
    by: str
    to: str
    messages: tuple[dict[str, object], ...]
    ids: tuple[str, ...]
    request_id: str
    delivered: bool


@dataclass(slots=True)
class Told:
    """A webhook event and how the other side answered each time it was sent."""

    at: float
    event: dict[str, object]
    answers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class ReplyToken:
    """A token that a webhook brought."""

    chat: str
    at: float
    used: bool = False


@dataclass(slots=True)
class Content:
    """A photo that a person sent."""

    data: bytes
    media_type: str


class Ledger:
    """Everything, in memory. Hold ``lock`` to read or change several things at once."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self.now = now
        self.people: dict[str, Person] = {}
        self.groups: dict[str, set[str]] = {}
        self.asked: list[Asked] = []
        self.sent: list[Sent] = []
        self.told: list[Told] = []
        self.tokens: dict[str, ReplyToken] = {}
        self.keys: dict[str, tuple[float, str]] = {}
        self.content: dict[str, Content] = {}
        self.menus: dict[str, RichMenu] = {}
        self.default_menu = ""
        self.quota: int | None = None
        self.used = 0
        self._number = int(now() * 1000) * 1000

    def new_number(self) -> str:
        """A message id: digits that only grow."""
        with self.lock:
            self._number += 1
            return str(self._number)

    def new_token(self, chat: str) -> str:
        """A reply token for ``chat``."""
        token = secrets.token_hex(16)
        with self.lock:
            self.tokens[token] = ReplyToken(chat, self.now())
        return token

    def texts_to(self, receiver: str) -> list[str]:
        """The text messages that reached a receiver, oldest first."""
        with self.lock:
            return [
                str(message["text"])
                for sent in self.sent
                if sent.to == receiver and sent.delivered
                for message in sent.messages
                if message.get("type") == "text"
            ]

    def broken_rules(self) -> list[str]:
        """The rules that requests broke, in the order of the requests."""
        with self.lock:
            return [rule for asked in self.asked for rule in asked.rules]
