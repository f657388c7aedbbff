"""A mail as plain data."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a mail is to us; a letter alone is answered."""

    LETTER = "letter"
    AUTOMATIC = "automatic"
    LIST = "list"
    BOUNCE = "bounce"
    OWN = "own"
    REPEATED = "repeated"
    OLD = "old"
    UNREAD = "unread"


KIND_WORDS = {
    Kind.LETTER: "手紙",
    Kind.AUTOMATIC: "自動返信など",
    Kind.LIST: "メーリングリスト・広告",
    Kind.BOUNCE: "届かなかった知らせ",
    Kind.OWN: "町のアドレスから",
    Kind.REPEATED: "同じ文のくり返し",
    Kind.OLD: "設定より前のメール",
    Kind.UNREAD: "読めなかったメール",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it was read.

    ``text`` is all that was written, ``words`` what the sender wrote now: without the quoted
    original and the signature, with the subject where it says something. ``pictures`` are the
    attached bytes that may be photos; ``left_out`` tells the sender (Japanese) what could not be
    taken. ``identity`` is the same for every copy of the same mail. ``sender`` is "" without a
    usable address, and never proven.
    """

    identity: str
    message_id: str
    sender: str
    subject: str
    sent_at: datetime | None
    text: str
    words: str
    references: tuple[str, ...] = ()
    pictures: tuple[bytes, ...] = ()
    left_out: str = ""
    kind: Kind = Kind.LETTER
    why: str = ""
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """The mail that is answered: what a mail program needs to show both together."""

    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
