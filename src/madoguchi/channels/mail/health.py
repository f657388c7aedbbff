"""How the town's mailbox is: read lately, or why not."""

from datetime import datetime, timedelta

from madoguchi.channels.condition import Condition
from madoguchi.channels.mail import account as accounts
from madoguchi.channels.mail.account import Misconfigured
from madoguchi.channels.mail.collecting import name_of
from madoguchi.channels.mail.data import Kind
from madoguchi.channels.mail.models import Mailbox, StoredLetter
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.towns.models import Town
from madoguchi.ui import services

TITLE = "メールの受信"
LATE = timedelta(minutes=5)


def condition(town: Town) -> Condition | None:
    """The state of the mailbox of the current town; None for a town without mail."""
    try:
        account = accounts.of_town(town.settings)
    except Misconfigured as error:
        return Condition(TITLE, "設定が使えません", str(error))
    if account is None or not services.channel_is_on(town, "mail"):
        return None
    row = Mailbox.objects.filter(name=name_of(account)).first()
    if row is None:
        return Condition(TITLE, "まだ読んでいません。窓口が開いていれば、すぐに読み始めます")
    return _of_mailbox(row)


def _of_mailbox(row: Mailbox) -> Condition:
    if row.failing_since is not None:
        return Condition(TITLE, f"{_hour(row.failing_since)}から読めていません", row.trouble)
    if row.read_at is None or row.read_at < clock.now() - LATE:
        since = _hour(row.read_at or row.began_at)
        advice = "窓口が開いているか、運用の担当者に確かめてください。メールは失われません。"
        return Condition(TITLE, f"{since}から見ていません", advice)
    if stopped := _stopped():
        advice = (
            "1時間に何度も届いたか、読めなかったメールです。「メールの設定」の「届いたメール」で、"
            "住民のメールでないか確かめてください。"
        )
        return Condition(TITLE, f"返事をしていないメールが1日に{stopped}通あります", advice)
    return Condition(TITLE, f"{_hour(row.read_at)}に確かめました")


def _stopped() -> int:
    """Mails of the last day without an answer: they came too often, or could not be read."""
    kept = StoredLetter.objects.filter(kind__in=[Kind.REPEATED.value, Kind.UNREAD.value])
    return kept.filter(received_at__gt=clock.now() - timedelta(days=1)).count()


def _hour(moment: datetime) -> str:
    local = clock.jst(moment)
    return f"{local.month}月{local.day}日{local:%H:%M}"
