"""What a provider of short messages must do for us."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a request to send."""

    TAKEN = "taken"
    LATER = "later"  # surely not taken; the same request may be taken later
    UNKNOWN = "unknown"  # it may have been taken: ask before it is repeated
    NUMBER = "number"  # this number cannot get it
    STOPPED = "stopped"  # its owner asked the provider for no more
    SET_UP = "set_up"  # nothing is taken until an administrator puts it right
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, the provider's name of the message, and words for staff (Japanese)."""

    verdict: Verdict
    sid: str = ""
    detail: str = ""
    retry_after_s: float | None = None


class NoAnswer(Exception):
    """The provider could not be asked."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery receipt; ``failed`` says why it did not arrive (Japanese), "" otherwise."""

    sid: str
    status: str
    failed: str = ""
    stopped: bool = False


class Provider(ABC):
    """Sends for one town. Methods other than ``find`` raise nothing for what happens outside."""

    @abstractmethod
    def send(self, to: str, text: str, callback: str) -> Answer:
        """Ask once to send; ``callback`` is told of the delivery ("" for nobody)."""

    @abstractmethod
    def find(self, to: str, text: str, since: datetime, not_these: frozenset[str]) -> str | None:
        """The name of a message that was taken from us since, or None; raises ``NoAnswer``."""

    @abstractmethod
    def check(self) -> Answer:
        """Whether the account can be used; sends nothing."""
