"""From what a town says to one mail. Pure."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from madoguchi.channels.mail.charsets import one_line
from madoguchi.channels.mail.data import Thread
from madoguchi.kernel.messages.data import Outgoing, ReplyKind

MAX_SUBJECT = 100
DRILL = "【訓練】"
_RECIPIENT = re.compile(r"[!-?A-~]{1,64}@(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}", re.IGNORECASE)
_UNSAFE = re.compile(r'[,;:<>()\[\]\\"]')


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom the mail comes from, and what stands below it."""

    address: str
    name: str
    town: str
    phone: str = ""

    @property
    def domain(self) -> str:
        """What stands right of the @, for our own Message-IDs."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Sending:
    """One mail to one recipient; ``number`` counts the recipients of the delivery from 0.

    ``to_many``: others get the same text, so it says how to stop it. ``thread`` is the mail that is
    answered, None where nobody asked.
    """

    key: str
    number: int
    recipient: str
    messages: tuple[Outgoing, ...]
    at: datetime
    thread: Thread | None = None
    answers: bool = False
    to_many: bool = False
    drill: bool = False


class Words(str):
    """A header of words that must not be torn or encoded: Message-IDs, addresses of web pages.

    The standard library encodes a word of over 77 letters, after which no program knows it again.
    """

    name: str

    def __new__(cls, name: str, value: str) -> "Words":
        made = super().__new__(cls, value)
        made.name = name
        return made

    def fold(self, *, policy: Policy) -> str:
        """One word a line."""
        return f"{self.name}: " + f"{policy.linesep} ".join(self.split()) + policy.linesep


def usable(recipient: str) -> bool:
    """Whether a mail can be sent there: an ASCII address that cannot end its header early."""
    local = recipient.rpartition("@")[0]
    return bool(_RECIPIENT.fullmatch(recipient)) and not _UNSAFE.search(local)


def message_id(key: str, number: int, domain: str) -> str:
    """Always the same for the same delivery and recipient: a repetition can be recognised."""
    return f"<{uuid.UUID(key)}{f'.{number}' if number else ''}@{domain}>"


def compose(sending: Sending, sender: Sender) -> EmailMessage:
    """The mail, without any line end that was not ours in its headers."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name=one_line(sender.name), addr_spec=sender.address)
    mail["To"] = sending.recipient
    mail["Subject"] = subject(sending, sender)
    mail["Date"] = format_datetime(sending.at)
    mail["Message-ID"] = message_id(sending.key, sending.number, sender.domain)
    mail["Auto-Submitted"] = "auto-replied" if sending.answers else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if sending.thread and sending.thread.message_id:
        chain = [*sending.thread.references, sending.thread.message_id]
        mail["In-Reply-To"] = Words("In-Reply-To", sending.thread.message_id)
        mail["References"] = Words("References", " ".join(dict.fromkeys(chain[-20:])))
    if sending.to_many:
        stop = f"<mailto:{sender.address}?subject=unsubscribe>"
        mail["List-Unsubscribe"] = Words("List-Unsubscribe", stop)
        mail["Precedence"] = "bulk"
    mail.set_content(body(sending, sender), charset="utf-8", cte="base64")
    return mail


def subject(sending: Sending, sender: Sender) -> str:
    """「Re: 」 and the resident's own words in an answer, else the town's name."""
    drill = DRILL if sending.drill else ""
    asked = one_line(sending.thread.subject) if sending.thread else ""
    if asked:
        said = asked if re.match(r"re\s*[:：]", asked, re.IGNORECASE) else f"Re: {asked}"
        return f"{drill}{said}"[:MAX_SUBJECT]
    return f"{drill}【{one_line(sender.town)}】お知らせ"[:MAX_SUBJECT]


def body(sending: Sending, sender: Sender) -> str:
    """The text, the answers to choose from, and who speaks."""
    parts = [m.text.strip() for m in sending.messages if m.text.strip()]
    if sending.drill and not any("訓練" in part for part in parts):
        parts.insert(0, f"{DRILL}これは訓練のメールです。")
    if choices := _choices(sending.messages):
        listed = "\n".join(f"・{choice}" for choice in choices)
        parts.append(f"次のどれかを書いて、このメールに返信できます。\n{listed}")
    call = f"電話：{sender.phone}\n" if sender.phone else ""
    stop = "このお知らせを止めるときは、件名を「配信停止」にして送ってください。\n"
    parts.append(
        f"-- \n{sender.town}\n{call}命の危険があるときは、119番か110番に電話してください。\n"
        f"{stop if sending.to_many else ''}"
    )
    return "\n\n".join(parts)


def _choices(messages: Sequence[Outgoing]) -> list[str]:
    """What can be said by words; a map pin and a hidden value cannot."""
    return list(
        dict.fromkeys(
            choice.value or choice.label
            for message in messages
            for choice in message.quick_replies
            if choice.kind is ReplyKind.TEXT
        )
    )
