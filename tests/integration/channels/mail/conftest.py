"""A town with a mailbox at a provider that runs on this machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from madoguchi.channels.mail import collecting
from madoguchi.channels.mail.channel import MailChannel
from madoguchi.channels.mail.models import Mailbox, StoredLetter
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import worker
from madoguchi.kernel.messages.data import Delivery, Receipt
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns.models import Town

from ....fakes.mail_servers import HOST, PASSWORD, Provider, parsed, running

ADDRESS = "madoguchi@town.example.jp"
RESIDENT = "hanako@example.ne.jp"
FOLDER = "Madoguchi"

__all__ = ["ADDRESS", "FOLDER", "PASSWORD", "RESIDENT", "House", "letter", "parsed"]


def letter(
    text: str,
    *,
    sender: str = RESIDENT,
    subject: str = "",
    number: int = 1,
    headers: dict[str, str] | None = None,
    at: Any = None,
) -> bytes:
    """A mail of a resident, as bytes; ``number`` makes its Message-ID."""
    mail = EmailMessage()
    if sender:
        mail["From"] = sender
    mail["To"] = ADDRESS
    mail["Subject"] = subject
    mail["Message-ID"] = f"<letter-{number}@example.ne.jp>"
    if at is not None:
        mail["Date"] = format_datetime(at)
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text)
    return bytes(mail)


@dataclass
class House:
    """The town, its provider, and its clock."""

    town: Town
    post: Provider
    clock: FixedClock

    @property
    def channel(self) -> MailChannel:
        """The town's channel as the outbox thread makes it."""
        return MailChannel.of_town(self.town.pk)

    def look(self) -> int:
        """Look into the mailbox when it is due; how many mails were new."""
        self.clock.advance(timedelta(seconds=collecting.PAUSE_S + 1))
        return collecting.look(self.town)

    def put(self, *mails: bytes) -> None:
        """Mails arrive in the town's mailbox."""
        for mail in mails:
            self.post.imap.put(ADDRESS, mail, FOLDER)

    def work(self) -> None:
        """Do what the threads of a town do, until nothing is left."""
        self.look()
        while worker.work_inbox(lambda *_: b""):
            pass
        worker.work_outbox(self.deliver, {})

    def deliver(self, kind: str, town_id: int, delivery: Delivery) -> Receipt:
        """What the runtime hands to the outbox."""
        assert (kind, town_id) == ("mail", self.town.pk)
        return self.channel.deliver(delivery)

    def heard(self) -> list[str]:
        """What the inbox was given, in the order it came."""
        return list(Inbound.objects.order_by("id").values_list("text", flat=True))

    def box(self) -> Mailbox:
        """Where the reading stands."""
        return Mailbox.objects.get()

    def stored(self) -> StoredLetter:
        """The newest mail in the ledger."""
        return StoredLetter.objects.latest("id")


@pytest.fixture
def post() -> Iterator[Provider]:
    """The provider, with the mailbox of the town."""
    with running() as provider:
        provider.imap.let_in(ADDRESS)
        with provider.imap.client(ADDRESS) as client:
            client.create(FOLDER)
        yield provider


def connect(town: Town, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write into the town's settings where its mailbox is."""
    monkeypatch.setenv("TEST_MAIL_PASSWORD", PASSWORD)
    town.settings["mail"] = {
        "address": ADDRESS,
        "user": ADDRESS,
        "password_env": "TEST_MAIL_PASSWORD",
        "imap_host": HOST,
        "imap_port": provider.imap.port,
        "folder": FOLDER,
        "smtp_host": HOST,
        "smtp_port": provider.smtp.port,
    }
    town.services = ["disaster"]
    town.save()


@pytest.fixture
def house(
    town: Town,
    post: Provider,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
) -> House:
    """The town, connected; its mailbox was looked into once and is empty."""
    settings.DATA = tmp_path
    connect(town, post, monkeypatch)
    made = House(town, post, clock)
    assert made.look() == 0
    return made
