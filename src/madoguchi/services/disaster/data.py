"""What a disaster message says, as plain data (label guide: docs/developer/labels.md)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from madoguchi.kernel.places.data import Place, PlaceKind

SERVICE = "disaster"
MACHINE = "system:triage"
"""Who acts when the engine does, in histories and in the audit log."""


class Category(StrEnum):
    """What a message is about; a message may carry several, the main one first."""

    RESCUE = "rescue"
    INJURY = "injury"
    FIRE = "fire"
    FLOOD = "flood"
    LANDSLIDE = "landslide"
    BUILDING = "building"
    ROAD = "road"
    LIFELINE = "lifeline"
    SHELTER = "shelter"
    SUPPLIES = "supplies"
    MISSING = "missing"
    QUESTION = "question"
    IRRELEVANT = "irrelevant"


class Urgency(IntEnum):
    """Judged on the message alone."""

    NOTHING = 0
    RECORD = 1
    TODAY = 2
    LIFE = 3


class NoticeLevel(IntEnum):
    """How much a notice of the town presses; the numbers are those of ``ui.warnings.Level``."""

    CAUTION = 2
    DANGER = 3
    EMERGENCY = 4


class Source(StrEnum):
    """How a message came; a registered follower weighs more than an open post."""

    LINE = "line"
    WEB = "web"
    PHONE = "phone"
    SNS = "sns"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the stream. ``town`` is the receiving municipality's five-digit code."""

    id: str
    town: str
    source: Source
    sent_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the machine decided so: ``about`` names the field, ``text`` is for staff, in Japanese."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the engine understood of one message. Nothing here ever hides the message."""

    categories: tuple[Category, ...]
    urgency: Urgency
    place_text: str | None
    place_kind: PlaceKind
    place: Place
    elsewhere: bool  # the named place lies in another municipality
    ask_back: bool
    doubtful: bool
    settles: bool  # tells that something is over (解除, 復旧, 鎮火)
    reasons: tuple[Reason, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Grouped:
    """A reading with the event it was found to tell of. ``group`` None = stands alone."""

    message: Message
    reading: Reading
    group: str | None
    reasons: tuple[Reason, ...] = field(default=())
