"""The one door for words: every inbound text of a town is decided here.

Danger to life is looked for first, then the open conversation, then the services bid with
reasons. The decision itself (``choose``) is pure.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from madoguchi.kernel.messages.data import EventKind
from madoguchi.kernel.messages.turn import Turn
from madoguchi.kernel.towns import api as towns

ANSWERS = frozenset({EventKind.TEXT, EventKind.IMAGE, EventKind.LOCATION, EventKind.POSTBACK})


@dataclass(frozen=True, slots=True)
class Bid:
    """How sure a service is (0 to 1) that a message is meant for it, and why (Japanese)."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets the message, and why."""

    service: str
    reason: str


class Listener(ABC):
    """A service at the door for words."""

    name: str
    title: str
    optional: bool = False
    """Whether a town can switch it off: ``name`` is then the name of the service."""

    def warm(self) -> None:
        """Load what is slow to load; called once in the background after the start."""
        return

    def alarm(self, text: str) -> str | None:
        """A reason (Japanese) when the text tells of danger to life, else None."""
        return None

    def claims(self, turn: Turn) -> str | None:
        """A reason (Japanese) when the event came from the service's own form or button.

        Only danger to life comes before it.
        """
        return None

    def lets_go(self, turn: Turn) -> bool:
        """Whether words are offered to every service although this one awaits an answer."""
        return False

    @abstractmethod
    def bid(self, turn: Turn) -> Bid | None:
        """How sure the service is that the message is meant for it."""

    @abstractmethod
    def handle(self, turn: Turn) -> None:
        """Take the message, inside the transaction that marks it as done."""


_listeners: dict[str, Listener] = {}


def register(listener: Listener) -> None:
    """Put a service at the door."""
    if listener.name in _listeners:
        raise ValueError(f"listener {listener.name} registered twice")
    _listeners[listener.name] = listener


def listeners() -> Mapping[str, Listener]:
    """The services at the door, by name."""
    return dict(_listeners)


def present() -> Mapping[str, Listener]:
    """Those at the door of the current town, by name: optional ones only if they are on."""
    on = towns.here().services
    return {name: who for name, who in _listeners.items() if not who.optional or who.name in on}


def choose(
    alarms: Mapping[str, str], open_service: str | None, bids: Mapping[str, Bid]
) -> Choice | None:
    """Decide who gets a message.

    An alarm wins over an open conversation, which wins over the bids; the best bid wins, ties go
    to the service that registered first. None when nobody wants it.
    """
    for service, reason in alarms.items():
        return Choice(service, reason)
    if open_service is not None:
        return Choice(open_service, "続きの返事と判断しました")
    best: tuple[str, Bid] | None = None
    for service, bid in bids.items():
        if best is None or bid.score > best[1].score:
            best = (service, bid)
    return Choice(best[0], best[1].reason) if best else None


def _awaiting(turn: Turn, listening: Mapping[str, Listener]) -> str | None:
    """The service that awaits an answer, if this can be one: a sticker or a follow cannot."""
    if turn.incoming.kind not in ANSWERS or not turn.conversation.is_open(turn.now):
        return None
    service = turn.conversation.service
    return service if service in listening and not listening[service].lets_go(turn) else None


def route(turn: Turn) -> Choice | None:
    """Find the service for a turn and let it handle the message.

    What is meant for a service that the town has switched off goes to whoever is there, with
    ``turned_away`` naming the service, so that the sender hears the truth.
    """
    listening = present()
    choice = _choose_of(turn, _listeners, _awaiting(turn, listening))
    if choice is None:
        return None
    danger = turn.danger
    if choice.service not in listening:
        turn.turned_away = _listeners[choice.service].title
        choice = _choose_of(turn, listening, None)
        if choice is None:
            return None
        choice = Choice(choice.service, f"「{turn.turned_away}」は、この町では使っていません")
        turn.danger = danger
    listening[choice.service].handle(turn)
    turn.finish()
    return choice


def _choose_of(
    turn: Turn, listening: Mapping[str, Listener], open_service: str | None
) -> Choice | None:
    """Ask these services; ``turn.danger`` is the reason of the chosen one's alarm, if any."""
    text = turn.incoming.text
    alarms = {
        name: reason for name, who in listening.items() if text and (reason := who.alarm(text))
    }
    claims = {
        name: Bid(1.0, reason) for name, who in listening.items() if (reason := who.claims(turn))
    }
    bids = claims
    if not alarms and not claims and open_service is None:
        bids = {name: bid for name, who in listening.items() if (bid := who.bid(turn))}
    choice = choose(alarms, None if claims else open_service, bids)
    turn.danger = alarms.get(choice.service) if choice else None
    return choice
