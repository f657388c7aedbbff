"""Taking a mail into the ledger: once, whole, and before the mailbox hears of it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from madoguchi.channels.mail import bounces
from madoguchi.channels.mail.data import Kind, Letter
from madoguchi.channels.mail.models import Posting, StoredLetter
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import inbox, outbox
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.messages.models import Inbound

SAME_WORDS = 5
"""So often the same words of one sender are taken within an hour: programs answer each other."""

ANY_WORDS = 30
"""So many mails of one sender are taken within an hour."""

WHILE = timedelta(hours=1)
LATE, EARLY = timedelta(days=3), timedelta(minutes=10)
"""How far the time that a mail gives itself may be from the time it came, to be believed."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter whose photos are kept; ``known`` when it is in the ledger already."""

    letter: Letter
    known: bool = False
    keys: tuple[str, ...] = ()
    note: str = ""


def prepare(letter: Letter) -> Prepared:
    """Keep the photos, outside any transaction: one without its mail is swept away later.

    Raises ``FileNotKept`` when the disk is full: the mail then has to wait.
    """
    if _is_known(letter):
        return Prepared(letter, known=True)
    if letter.kind is not Kind.LETTER:
        return Prepared(letter)
    keys, note = _keep_pictures(letter)
    return Prepared(letter, keys=tuple(keys), note=f"{note}{letter.left_out}")


def take(prepared: Prepared, *, size: int, came_at: datetime, own: str, data: bytes) -> bool:
    """Store a letter and give it to the inbox, or settle what it reports; False for a copy.

    Call it in the transaction that says how far the mailbox was read.
    """
    letter = prepared.letter
    if prepared.known or _is_known(letter):
        return False
    kind, why = _kind_now(letter)
    inbound = None
    if kind is Kind.LETTER:
        inbox.receive("mail", _events(prepared, came_at))
        inbound = Inbound.objects.get(channel="mail", external_id=letter.identity)
    StoredLetter.objects.create(
        identity=letter.identity,
        message_id=letter.message_id,
        sender=letter.sender,
        subject=letter.subject,
        text=letter.text,
        said=_digest(letter.words),
        references=" ".join(letter.references),
        kind=kind.value,
        why=why[:200],
        size=size,
        received_at=clock.now(),
        inbound=inbound,
    )
    if kind is Kind.BOUNCE:
        _came_back(bounces.read(data, own.rpartition("@")[2]))
    return True


def as_old(letter: Letter) -> Letter:
    """The letter as one from before the mailbox was ours to answer."""
    return replace(letter, kind=Kind.OLD, why="窓口がこのメールボックスを使い始める前の日付です")


def set_aside(place: str) -> None:
    """Note a mail that cannot be read by its place in the mailbox."""
    StoredLetter.objects.get_or_create(
        identity=hashlib.sha256(place.encode()).hexdigest(),
        defaults={
            "kind": Kind.UNREAD.value,
            "why": "このメールは読めませんでした。メールボックスで直接開いてください。",
            "size": 0,
            "received_at": clock.now(),
        },
    )


def _is_known(letter: Letter) -> bool:
    return StoredLetter.objects.filter(identity=letter.identity).exists()


def _kind_now(letter: Letter) -> tuple[Kind, str]:
    """The kind, with what is known of this sender's last hour: two programs may answer in turn."""
    if letter.kind is not Kind.LETTER or not letter.sender:
        return letter.kind, letter.why
    lately = StoredLetter.objects.filter(
        sender=letter.sender, received_at__gt=clock.now() - WHILE, inbound__isnull=False
    )
    if lately.filter(said=_digest(letter.words)).count() >= SAME_WORDS:
        return Kind.REPEATED, f"1時間に同じ文が{SAME_WORDS}回届いたため、返事を止めました"
    if lately.count() >= ANY_WORDS:
        return Kind.REPEATED, f"1時間に{ANY_WORDS}通届いたため、返事を止めました"
    return letter.kind, letter.why


def _keep_pictures(letter: Letter) -> tuple[list[str], str]:
    """Keys of the photos that were kept, and what to tell the sender of the others."""
    keys: list[str] = []
    note = ""
    for picture in letter.pictures:
        try:
            keys.append(str(files.accept(picture).key))
        except files.FileRefused as refused:
            if refused.retry:
                raise
            note = note or str(refused)
    return list(dict.fromkeys(keys)), note


def _events(prepared: Prepared, came_at: datetime) -> list[Incoming]:
    """The words with the first photo, then the other photos, in this order."""
    letter, keys = prepared.letter, prepared.keys
    sender = letter.sender or f"unknown:{letter.identity[:32]}"
    believed = letter.sent_at and came_at - LATE <= letter.sent_at <= came_at + EARLY
    sent_at = letter.sent_at if believed and letter.sent_at else came_at
    if letter.leaves:
        kind = EventKind.UNFOLLOW
    elif letter.words:
        kind = EventKind.TEXT
    else:
        kind = EventKind.IMAGE if keys else EventKind.OTHER
    first = Incoming(
        external_id=letter.identity,
        kind=kind,
        sender=sender,
        sent_at=sent_at,
        text=letter.words,
        file_key=keys[0] if keys else "",
        file_note=prepared.note,
        reply_token=letter.identity,
    )
    others = [
        Incoming(
            external_id=f"{letter.identity}.{number}",
            kind=EventKind.IMAGE,
            sender=sender,
            sent_at=sent_at + timedelta(milliseconds=number),
            file_key=key,
            reply_token=letter.identity,
        )
        for number, key in enumerate(keys[1:], start=1)
    ]
    return [first, *others]


def _came_back(bounced: bounces.Bounced | None) -> None:
    """A delivery did not arrive: staff sees it, and another attempt really sends it again."""
    if bounced is not None and outbox.came_back(bounced.key, bounced.detail):
        Posting.objects.filter(key=bounced.key, number=bounced.number).delete()


def _digest(words: str) -> str:
    return hashlib.sha256("".join(words.split()).encode("utf-8", "replace")).hexdigest()
