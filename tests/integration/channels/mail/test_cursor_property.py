"""Whatever happens to the mailbox and to us: every letter is heard, and heard once."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from unittest.mock import patch

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.channels.mail import collecting, mailbox
from madoguchi.channels.mail.mailbox import Numbering, Trouble
from madoguchi.channels.mail.models import Mailbox, StoredLetter
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.towns.models import Town

from .conftest import ADDRESS, HOST, letter


@dataclass
class Kept:
    """A mail as the server keeps it."""

    data: bytes
    at: datetime
    seen: bool = False


@dataclass
class Server:
    """A folder by the rules of RFC 3501, 2.3.1: numbers only grow while UIDVALIDITY stays."""

    mails: dict[int, Kept] = field(default_factory=dict)
    uidvalidity: int = 1
    uidnext: int = 1
    fails_after: int | None = None
    dies_at: str = ""

    def put(self, data: bytes, at: datetime) -> None:
        self.mails[self.uidnext] = Kept(data, at)
        self.uidnext += 1

    @contextmanager
    def opened(self, _account: object) -> Iterator["Server"]:
        yield self

    # What collecting asks of a mailbox

    @property
    def numbering(self) -> Numbering:
        return Numbering(self.uidvalidity, self.uidnext)

    def after(self, uid: int) -> list[int]:
        return sorted(n for n in self.mails if n > uid)

    def size_and_date(self, uid: int) -> tuple[int, datetime] | None:
        self._may_fail()
        kept = self.mails.get(uid)
        return (len(kept.data), kept.at) if kept else None

    def content(self, uid: int, limit: int) -> bytes | None:
        kept = self.mails.get(uid)
        return kept.data[:limit] if kept else None

    def mark_seen(self, uids: list[int]) -> None:
        if self.dies_at == "seen":
            raise SystemExit
        for uid in uids:
            if uid in self.mails:
                self.mails[uid] = replace(self.mails[uid], seen=True)

    def _may_fail(self) -> None:
        if self.fails_after is not None:
            self.fails_after -= 1
            if self.fails_after < 0:
                raise Trouble("gone in the middle")


NUMBERS = st.integers(0, 5)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("comes"), NUMBERS),
        st.tuples(st.just("comes again"), NUMBERS),
        st.tuples(st.just("moved away and back"), NUMBERS),
        st.tuples(st.just("deleted"), NUMBERS),
        st.tuples(st.just("numbered anew"), NUMBERS),
        st.tuples(st.just("look"), NUMBERS),
        st.tuples(st.just("look, cut off"), NUMBERS),
        st.tuples(st.just("killed before storing"), NUMBERS),
        st.tuples(st.just("killed before marking"), NUMBERS),
    ),
    max_size=25,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=EVENTS)
def test_every_letter_is_heard_once(town: Town, clock: FixedClock, events: list) -> None:
    with transaction.atomic():
        _play(town, clock, events)
        transaction.set_rollback(True)


def _play(town: Town, at: FixedClock, events: list[tuple[str, int]]) -> None:
    town.settings["mail"] = {"address": ADDRESS, "user": ADDRESS, "password_env": "PATH"}
    town.settings["mail"] |= {"imap_host": HOST, "smtp_host": HOST}
    server, came = Server(), set()
    with patch.object(mailbox, "opened", server.opened):
        _look(town, at)  # the town begins to use an empty mailbox
        for what, number in events:
            _happen(what, number, server, came, town, at)
        for _ in range(3):
            _look(town, at)
    heard = list(Inbound.objects.values_list("text", flat=True))
    assert len(heard) == len(set(heard))
    assert set(heard) == came
    assert StoredLetter.objects.count() == len(heard)
    assert ("killed before marking" in dict(events)) or all(m.seen for m in server.mails.values())
    assert Mailbox.objects.get().last_uid < server.uidnext


def _look(town: Town, at: FixedClock) -> None:
    at.advance(timedelta(minutes=6))
    collecting.look(town)


def _happen(
    what: str, number: int, server: Server, came: set[str], town: Town, at: FixedClock
) -> None:
    words = f"冠水の知らせ その{number}"
    data = letter(words, number=number)
    uids = [uid for uid, kept in server.mails.items() if kept.data.endswith(data)]
    match what:
        case "comes" | "comes again":
            again = b"Received: once more\r\n" if what == "comes again" else b""
            server.put(again + data, clock.now())
            came.add(words)
        case "moved away and back" if uids:
            server.put(server.mails.pop(uids[0]).data, clock.now())
        case "deleted" if uids and server.mails[uids[0]].seen:
            del server.mails[uids[0]]
        case "numbered anew":
            mails = list(server.mails.values())
            server.mails, server.uidnext = {}, 1
            server.uidvalidity += 1
            for kept in mails[number % 2 :] + mails[: number % 2]:
                server.put(kept.data, kept.at)
        case "look, cut off":
            server.fails_after = number
            _look(town, at)
            server.fails_after = None
        case "killed before storing":
            dying = patch.object(collecting, "_stands_at", side_effect=SystemExit)
            with dying, suppress(SystemExit):
                _look(town, at)
        case "killed before marking":
            server.dies_at = "seen"
            with suppress(SystemExit):
                _look(town, at)
            server.dies_at = ""
        case "look":
            _look(town, at)
