"""Words in and out of a town, whatever the channel."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from madoguchi.kernel.places.data import Point


class EventKind(StrEnum):
    """What arrived."""

    TEXT = "text"
    IMAGE = "image"
    LOCATION = "location"
    POSTBACK = "postback"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    JOIN = "join"  # the account entered a group or room
    LEAVE = "leave"
    UNSEND = "unsend"  # the sender takes an earlier message back
    OTHER = "other"  # kept in the ledger, answered where an answer makes sense


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event as a channel read it. ``external_id`` is unique per town and channel.

    ``sender`` is the channel's own name of the person (LINE userId, web device key); ``group`` is
    the channel's name of a group chat or "". ``reply_token`` may be "". ``media`` names content
    that is fetched later (LINE message id); ``file_key`` is an image the channel has already
    accepted into ``kernel.files``, and ``file_note`` says to the sender (Japanese, 200 letters) why
    it could not. ``data`` is postback data. ``point`` is the sender's own pin,
    true within ``radius_m`` metres. ``message`` is the channel's own name of the message, by which
    its sender can take it back (``UNSEND``). ``reply_token_at`` is when the token came to life,
    where that is not now: an event that is delivered again brings its old token.
    """

    external_id: str
    kind: EventKind
    sender: str
    sent_at: datetime
    text: str = ""
    point: Point | None = None
    radius_m: int = 50
    media: str = ""
    file_key: str = ""
    file_note: str = ""
    data: str = ""
    group: str = ""
    message: str = ""
    reply_token: str = ""
    reply_token_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A message whose sender took it back, for the rooms that keep something of it.

    ``file_id`` is None where there was no photo, or the same photo came in another message too.
    """

    inbound_id: int
    contact_id: int
    text: str
    file_id: int | None


class ReplyKind(StrEnum):
    """What a quick reply does when touched."""

    TEXT = "text"
    POSTBACK = "postback"
    LOCATION = "location"
    CAMERA = "camera"


@dataclass(frozen=True, slots=True)
class QuickReply:
    """One button under a message. ``value`` is the text said or the postback data."""

    kind: ReplyKind
    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to a person. ``text`` always makes sense read aloud on its own."""

    text: str
    quick_replies: tuple[QuickReply, ...] = field(default=())


class Outcome(StrEnum):
    """How an attempt to deliver ended."""

    SENT = "sent"
    RETRY = "retry"  # try again later with the same key
    REFUSED = "refused"  # will never work; staff must see it


@dataclass(frozen=True, slots=True)
class Delivery:
    """One outbox row as the channel sees it.

    ``recipients`` holds one name for a push or reply, up to 500 for a multicast. ``key`` is a UUID
    that the channel must use so that a repeated attempt is never a second message.
    """

    key: str
    recipients: tuple[str, ...]
    messages: tuple[Outgoing, ...]
    reply_token: str = ""
    reply_token_age_s: float = 0.0
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel answered. ``detail`` is for staff, in Japanese, without personal data.

    ``drop_reply`` with RETRY: the reply token is of no use; try at once again without it.
    ``alone`` with RETRY: this destination has to wait, the channel itself is well.
    """

    outcome: Outcome
    detail: str = ""
    retry_after_s: float | None = None
    used_reply: bool = False
    drop_reply: bool = False
    alone: bool = False
    external_id: str = ""
