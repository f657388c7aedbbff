"""The thread that looks into the towns' mailboxes. The rows say where it stands."""

import hashlib
import logging
import time
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import Q

from madoguchi.channels import registry
from madoguchi.channels.mail import account as accounts
from madoguchi.channels.mail import mailbox, parse, taking
from madoguchi.channels.mail.account import Account, Misconfigured
from madoguchi.channels.mail.mailbox import Trouble
from madoguchi.channels.mail.models import Mailbox
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files.data import FileNotKept
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

log = logging.getLogger(__name__)

PAUSE_S = 15.0
"""Between two looks into the same mailbox."""

HOLD = timedelta(seconds=60)
"""How long a look keeps other processes away; it ends much earlier."""

LONGEST = timedelta(minutes=5)
"""The longest wait after a failure: a password that was put right is soon tried."""

LOOK_S = 5.0
"""What is left after so long waits for the next look, so that other towns have their turn."""

MAX_BYTES = 28 * 1024 * 1024
"""A photo of 20 MB as a mail carries it. Of a larger mail the beginning is read."""

EXPECTED = (Trouble, FileNotKept, OperationalError)
"""What goes away by itself: the mail is read later."""

BEGINNING = 512 * 1024
OLD = timedelta(days=7)

FULL_DISK = (
    "写真を保存できません。ディスクの空きを確かめてください。メールは失われず、空くと読みます。"
)


def step() -> int:
    """Look once into every mailbox that is due; returns how many mails were new."""
    new = 0
    for town in registry.towns_of("mail"):
        with current.use(town.pk):
            new += look(town)
    return new


def look(town: Town) -> int:
    """Look once into the town's mailbox, if it is due; returns how many mails were new."""
    try:
        account = accounts.of_town(town.settings)
    except Misconfigured:  # which the line of health says
        return 0
    if account is None:
        return 0
    row = _row(name_of(account))
    if not _due(row):
        return 0
    try:
        with mailbox.opened(account) as box:
            new = _read(box, row, account)
    except (Trouble, FileNotKept) as trouble:
        _failed(row, FULL_DISK if isinstance(trouble, FileNotKept) else str(trouble))
        return 0
    now = clock.now()
    Mailbox.objects.filter(pk=row.pk).update(
        read_at=now,
        next_at=now + timedelta(seconds=PAUSE_S),
        failures=0,
        failing_since=None,
        trouble="",
    )
    return new


def name_of(account: Account) -> str:
    """One mailbox, whatever its password."""
    place = "\n".join([account.imap_host.lower(), account.user, account.folder])
    return hashlib.sha256(place.encode()).hexdigest()


def _read(box: mailbox.Mailbox, row: Mailbox, account: Account) -> int:
    """Take what is new, a mail at a time; what was taken is marked as seen afterwards."""
    _number(row, box.numbering)
    until = time.monotonic() + LOOK_S
    new, taken = 0, []
    try:
        for uid in box.after(row.last_uid):
            try:
                new += _take_one(box, row, account, uid)
                taken.append(uid)
            except EXPECTED:
                raise
            except Exception as error:  # one mail must not hold up all that come after it
                log.error("mail: one could not be read: %s", type(error).__name__)
                _set_aside(row, uid)
            if time.monotonic() > until:
                break
    finally:
        _mark_seen(box, taken)
    return new


def _mark_seen(box: mailbox.Mailbox, uids: list[int]) -> None:
    """A courtesy to the town's own mail program: what we have read is told by the row."""
    try:
        box.mark_seen(uids)
    except Trouble:
        log.warning("mail: taken, but not marked as seen")


def _number(row: Mailbox, numbering: mailbox.Numbering) -> None:
    """Begin with what comes from now on; after a new numbering look at everything again."""
    if row.uidvalidity == numbering.uidvalidity:
        return
    if row.uidvalidity is None:
        row.last_uid = numbering.uidnext - 1
    else:
        row.last_uid, row.old_below = 0, numbering.uidnext
    row.uidvalidity = numbering.uidvalidity
    row.save(update_fields=["uidvalidity", "last_uid", "old_below"])


def _take_one(box: mailbox.Mailbox, row: Mailbox, account: Account, uid: int) -> bool:
    """One mail and the place of the reading, in one transaction."""
    found = box.size_and_date(uid)
    data = box.content(uid, BEGINNING if found and found[0] > MAX_BYTES else MAX_BYTES)
    now = clock.now()
    came_at = min(found[1], now) if found and found[1] else now
    again = uid < row.old_below
    if found is None or data is None or (again and came_at < row.began_at):
        _stands_at(row, uid)
        return False
    letter = parse.parse(data, account.address, cut=found[0] > MAX_BYTES)
    if again and letter.sent_at and letter.sent_at < row.began_at - OLD:
        letter = taking.as_old(letter)
    prepared = taking.prepare(letter)
    with transaction.atomic():
        new = taking.take(prepared, size=found[0], came_at=came_at, own=account.address, data=data)
        _stands_at(row, uid)
    return new


def _set_aside(row: Mailbox, uid: int) -> None:
    """Tell staff of a mail that we cannot read; it stays unread in the mailbox."""
    with transaction.atomic():
        taking.set_aside(f"{row.name}:{row.uidvalidity}:{uid}")
        _stands_at(row, uid)


def _stands_at(row: Mailbox, uid: int) -> None:
    row.last_uid = uid
    Mailbox.objects.filter(pk=row.pk).update(last_uid=uid)


def _row(name: str) -> Mailbox:
    now = clock.now()
    return Mailbox.objects.get_or_create(name=name, defaults={"began_at": now, "next_at": now})[0]


def _due(row: Mailbox) -> bool:
    """Take the mailbox for this process; a time far ahead was written by a clock since set back."""
    now = clock.now()
    due = Q(next_at__lte=now) | Q(next_at__gt=now + 2 * LONGEST)
    held = Mailbox.objects.filter(due, pk=row.pk)
    return held.exists() and bool(held.update(next_at=now + HOLD))


def _failed(row: Mailbox, why: str) -> None:
    now = clock.now()
    wait = min(timedelta(seconds=PAUSE_S * 2 ** min(row.failures, 8)), LONGEST)
    Mailbox.objects.filter(pk=row.pk).update(
        failures=row.failures + 1,
        failing_since=row.failing_since or now,
        trouble=why[:300],
        next_at=now + wait,
    )
