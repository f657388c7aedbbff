"""From the bytes of a mail to a letter. Pure; takes anything and raises nothing.

Headers are read raw (policy compat32) and decoded in ``charsets``: the parsed headers of the newer
policies raise for some of what phones send.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice

from madoguchi.channels.mail import charsets, html_text, quoting, sorting
from madoguchi.channels.mail.data import Letter

MAX_PICTURES = 3
MAX_PARTS = 2000
MAX_TEXT = 200_000
MAX_WORDS = 5000
MAX_SENDER = 128  # as long as the ledger can keep; longer addresses do not occur
SMALL_PICTURE = 10_000  # bytes; below it, a picture inside the text is decoration

TOO_MANY = f"写真は1通に{MAX_PICTURES}枚まで受け取れます。残りは、もう1通に分けて送ってください。"
NO_PICTURE = "写真（JPEG、PNG）のほかの添付ファイルは受け取れません。"
TOO_BIG = "メールが大きすぎて、写真を受け取れませんでした。1枚ずつ、小さくして送ってください。"

_ADDRESS = re.compile(r"[!-?A-~]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")
_ID = re.compile(r"<[!-;=?-~]{1,500}>")
_ANSWER = re.compile(
    r"^\s*(?:(re|aw|sv|返信|回答)|(fwd?|転送|wg))(?:\[\d+\]|\*\d+|\d+)?\s*[:：>]\s*", re.I
)
_NO_SUBJECT = {"", "無題", "件名なし", "(no subject)", "no subject", "(件名なし)", "（件名なし）"}
_LEAVE = {"unsubscribe", "配信停止", "受信停止", "配信解除"}
_PICTURE = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


@dataclass(slots=True)
class _Found:
    """What the parts of a mail hold."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    others: int = 0
    too_many: bool = False


def parse(data: bytes, own: str, *, cut: bool = False) -> Letter:
    """Read a mail that came to the address ``own``; ``cut``: only its beginning was fetched."""
    try:
        message = message_from_bytes(data)
        found = _parts(message)
    except Exception:  # a mail nested a thousand times, say: its letters are still readable
        message = message_from_bytes(data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
        found = _Found(plain=[charsets.decode(data.partition(b"\r\n\r\n")[2][:MAX_TEXT], None)])
    if cut:
        found.pictures, found.digests = [], []
    return _letter(message, found, own, cut)


def _letter(message: Message, found: _Found, own: str, cut: bool) -> Letter:
    headers = _headers(message)
    sender = _sender(headers.get("from", ""))
    subject = charsets.header_text(headers.get("subject", ""))[:300]
    headers["subject"] = subject
    text = _text(found)
    words, leaves = _words(subject, text, is_answer="in-reply-to" in headers)
    kind, why = sorting.sort(headers, sender, own)
    identity = _identity(headers, sender, text, found.digests)
    return Letter(
        identity=identity,
        message_id=_first_id(headers.get("message-id", "")),
        sender=sender,
        subject=subject,
        sent_at=_date(headers.get("date", "")),
        text=text[:MAX_TEXT],
        words=words[:MAX_WORDS],
        references=_references(headers),
        pictures=tuple(found.pictures),
        left_out=_left_out(found, cut),
        kind=kind,
        why=why,
        leaves=leaves,
    )


def _identity(headers: dict[str, str], sender: str, text: str, digests: list[str]) -> str:
    """Of copies of one mail the same; a Message-ID alone could be used twice, or be stolen."""
    named = [headers.get("message-id", ""), sender, headers.get("date", "")]
    parts = [*named, "".join(text.split()), *digests]
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()


def _headers(message: Message) -> dict[str, str]:
    """The first header of each name, raw and in one line."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), re.sub(r"[\r\n]+", " ", str(value)).strip())
    return found


def _parts(message: Message) -> _Found:
    found = _Found()
    for part in islice(_leaves(message), MAX_PARTS):
        kind = part.get_content_type()
        attached = str(part.get("Content-Disposition", "")).strip().lower().startswith("attach")
        data = _content(part)
        if kind in ("text/plain", "text/html") and not attached:
            target = found.plain if kind == "text/plain" else found.html
            target.append(charsets.decode(data[: 4 * MAX_TEXT], _charset(part)))
        elif data:
            _attachment(found, part, data)
    return found


def _leaves(message: Message) -> Iterator[Message]:
    return (part for part in message.walk() if not part.is_multipart())


def _content(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _charset(part: Message) -> str | None:
    charset = part.get_param("charset")
    return charset if isinstance(charset, str) else None


def _attachment(found: _Found, part: Message, data: bytes) -> None:
    found.digests.append(hashlib.sha256(data).hexdigest())
    picture = data.startswith(_PICTURE) or data[8:12] == b"WEBP" or data[4:8] == b"ftyp"
    decoration = "Content-ID" in part and (len(data) < SMALL_PICTURE or data[:4] == b"GIF8")
    if picture and decoration:
        return
    if not picture and part.get_content_maintype() != "image":
        found.others += part.get_content_type() not in ("text/plain", "text/calendar")
    elif len(found.pictures) < MAX_PICTURES:
        found.pictures.append(data)
    else:
        found.too_many = True


def _text(found: _Found) -> str:
    """The plain text; that of the HTML where the plain one is missing or a mere excuse."""
    plain = "\n".join(found.plain).strip()
    if len(plain) >= 40 or not found.html:
        return plain
    seen = html_text.text_of("\n".join(found.html))
    return seen if len(seen) > 2 * len(plain) else plain


def _words(subject: str, text: str, *, is_answer: bool) -> tuple[str, bool]:
    """What to read, with the subject where it says something, and whether it says goodbye."""
    forwarded, base = False, subject
    while found := _ANSWER.match(base):
        is_answer, forwarded = is_answer or bool(found[1]), forwarded or bool(found[2])
        base = base[found.end() :]
    words = quoting.own_words(text, forwarded=forwarded)
    if base.strip().lower() in _LEAVE or words.strip().lower() in _LEAVE:
        return words, True
    says_something = base.strip().lower() not in _NO_SUBJECT and base not in words
    if says_something and not is_answer:
        words = f"{base}\n{words}".strip()
    return words, False


def _sender(raw: str) -> str:
    """The address that the mail names as its sender, or "". It proves nothing."""
    plain = raw[:2000].encode("ascii", "replace").decode()
    try:
        found = [address for _, address in getaddresses([plain])]
    except (RecursionError, ValueError):
        found = []
    for address in [*found, *re.findall(r"<([^<>\s]+@[^<>\s]+)>", plain)]:
        local, _, domain = address.strip().rpartition("@")
        usable = f"{local}@{domain.lower()}"
        if _ADDRESS.fullmatch(usable) and len(usable) <= MAX_SENDER:
            return usable
    return ""


def _first_id(raw: str) -> str:
    found = _ID.search(raw)
    return found[0] if found else ""


def _references(headers: dict[str, str]) -> tuple[str, ...]:
    ids = _ID.findall(headers.get("references", "")) + _ID.findall(headers.get("in-reply-to", ""))
    return tuple(dict.fromkeys(ids))[-20:]


def _date(raw: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(raw)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _left_out(found: _Found, cut: bool) -> str:
    notes = []
    if cut:
        notes.append(TOO_BIG)
    if found.too_many:
        notes.append(TOO_MANY)
    if found.others and not cut:
        notes.append(NO_PICTURE)
    return "".join(notes)
