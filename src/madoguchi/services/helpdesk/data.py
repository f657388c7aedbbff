"""What a request for help is, as plain data (standard library only)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

SERVICE = "helpdesk"


class Topic(StrEnum):
    """What somebody cannot do."""

    LINE = "line"
    WEB = "web"
    PHOTO = "photo"
    SHELTER = "shelter"
    LANGUAGE = "language"
    SIZE = "size"
    FAMILY = "family"
    SIGN_IN = "sign_in"
    OTHER = "other"


class When(StrEnum):
    """At which time of a day somebody wants to be called."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Call(StrEnum):
    """Where a call-back stands."""

    NONE = "none"
    WANTED = "wanted"
    MISSED = "missed"  # called, nobody answered: it is still wanted
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Asking:
    """A request for help as it was asked.

    ``channel`` is line, web, phone or counter. ``phone`` asks for a call-back, on ``wished_on``
    (None: as soon as it goes) at ``wished_when``. ``address`` is where a letter goes ("": none).
    """

    channel: str
    text: str
    topic: Topic = Topic.OTHER
    name: str = ""
    phone: str = ""
    wished_on: date | None = None
    wished_when: When = When.ANY
    address: str = ""


@dataclass(frozen=True, slots=True)
class CallWanted:
    """One line of the list of calls to make."""

    number: str
    name: str
    phone: str
    wished_on: date | None
    wished_when: When
    about: str
    asked_at: datetime
    missed: bool
