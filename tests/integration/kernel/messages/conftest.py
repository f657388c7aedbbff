"""A town whose only service writes down what it hears."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from madoguchi.kernel.messages import router
from madoguchi.kernel.messages.data import EventKind, Incoming, Outgoing
from madoguchi.kernel.messages.router import Bid, Listener
from madoguchi.kernel.messages.turn import Turn

START = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)


@dataclass
class Scribe(Listener):
    """Hears everything, answers each text, and breaks when told to."""

    name = "scribe"
    title = "書記"
    heard: list[str] = field(default_factory=list)
    break_on: set[str] = field(default_factory=set)

    def bid(self, turn: Turn) -> Bid | None:
        return Bid(0.5, "何でも聞きます")

    def handle(self, turn: Turn) -> None:
        if turn.incoming.text in self.break_on:
            raise RuntimeError("broken on purpose")
        self.heard.append(turn.incoming.text)
        turn.say(Outgoing(f"「{turn.incoming.text}」を聞きました。"))


@pytest.fixture
def scribe(monkeypatch: pytest.MonkeyPatch) -> Scribe:
    """The scribe alone at the door."""
    alone = Scribe()
    monkeypatch.setattr(router, "_listeners", {alone.name: alone})
    return alone


def text(external_id: str, words: str, sender: str = "U1", after_s: float = 0) -> Incoming:
    """A text event, ``after_s`` seconds after the start."""
    sent_at = START + timedelta(seconds=after_s)
    return Incoming(external_id, EventKind.TEXT, sender, sent_at, text=words)


def no_media(channel: str, town_id: int, media: str) -> bytes:
    """No test here sends photos."""
    raise AssertionError("no photo was sent")
