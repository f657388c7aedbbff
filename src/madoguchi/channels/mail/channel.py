"""Mail as a channel: a delivery becomes one mail a recipient, the server's answers a receipt."""

import smtplib
import time
from datetime import timedelta

from django.db.models import Q

from madoguchi.channels.base import Channel
from madoguchi.channels.mail import account as accounts
from madoguchi.channels.mail import compose, smtp, threads
from madoguchi.channels.mail.account import Account, Misconfigured
from madoguchi.channels.mail.compose import Sender, Sending
from madoguchi.channels.mail.models import Posting
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.data import Delivery, Outcome, Receipt
from madoguchi.kernel.towns.models import Town

WORK_S = 6.0
"""A delivery to many is handed over in portions: a row's lease is 15 seconds."""

HOLD = timedelta(seconds=60)
"""How long a recipient whose attempt has no known end is left to whoever may still be at it."""

NO_ACCOUNT = "この自治体にはメールの設定がありません。設定してからもう一度送ってください。"
NO_ADDRESS = "メールを送れるアドレスがありません。電話など別の方法で伝えてください。"
NOTHING_TO_SAY = "送る文章か宛先がありません。内容を確かめてください。"
ANOTHER_AT_IT = "ほかの処理が送っています。"


class MailChannel(Channel):
    """A town's mailbox. See docs/decisions/0021-mail-sms-slack.md for what can happen twice."""

    kind = "mail"

    def __init__(self, town: Town, account: Account | None, problem: str = "") -> None:
        self._town = town
        self._account = account
        self._problem = problem or NO_ACCOUNT

    @classmethod
    def of_town(cls, town_id: int) -> "MailChannel":
        """The channel of a town; one without usable settings refuses, and says why."""
        town = Town.objects.get(pk=town_id)
        try:
            return cls(town, accounts.of_town(town.settings))
        except Misconfigured as error:
            return cls(town, None, str(error))

    def deliver(self, delivery: Delivery) -> Receipt:
        """Hand the mail over for every recipient who has not got it yet."""
        if self._account is None:
            return Receipt(Outcome.REFUSED, self._problem)
        if not delivery.recipients or not any(m.text.strip() for m in delivery.messages):
            return Receipt(Outcome.REFUSED, NOTHING_TO_SAY)
        waiting = _waiting(delivery)
        if not waiting:
            return Receipt(Outcome.SENT)
        if not any(compose.usable(delivery.recipients[number]) for number in waiting):
            return Receipt(Outcome.REFUSED, NO_ADDRESS)
        try:
            with smtp.connection(self._account) as server:
                return self._post_all(server, self._account, delivery, waiting)
        except (smtplib.SMTPException, OSError, smtp.Unprotected, UnicodeError) as error:
            return smtp.verdict(error)

    def _post_all(
        self, server: smtplib.SMTP, account: Account, delivery: Delivery, waiting: list[int]
    ) -> Receipt:
        until = time.monotonic() + WORK_S
        context = threads.of_delivery(self._town, delivery)
        sender = Sender(
            account.address,
            account.name or self._town.name,
            self._town.name,
            self._town.contact_phone,
        )
        receipts: list[Receipt] = []
        for number in waiting:
            if receipts and time.monotonic() > until:
                receipts.append(Receipt(Outcome.RETRY, _portion(delivery), 0.05, alone=True))
                break
            recipient = delivery.recipients[number]
            if not compose.usable(recipient):
                receipts.append(_refuse(delivery, number))
                continue
            sending = Sending(
                key=delivery.key,
                number=number,
                recipient=recipient,
                messages=delivery.messages,
                at=clock.now(),
                thread=context.thread,
                answers=bool(delivery.reply_token),
                to_many=len(delivery.recipients) > 1,
                drill=context.drill,
            )
            receipts.append(_post_once(server, sending, sender))
            if receipts[-1].outcome is Outcome.RETRY and not receipts[-1].alone:
                break
        return _together(delivery, receipts)


def _post_once(server: smtplib.SMTP, sending: Sending, sender: Sender) -> Receipt:
    """One recipient; what was taken is written down before anything else happens."""
    now = clock.now()
    row, _ = Posting.objects.get_or_create(
        key=sending.key, number=sending.number, defaults={"began_at": now}
    )
    free = Q(held_until=None) | Q(held_until__lte=now) | Q(held_until__gt=now + HOLD)
    mine = Posting.objects.filter(free, pk=row.pk, accepted_at=None)
    if not mine.update(held_until=now + HOLD):
        return Receipt(Outcome.RETRY, ANOTHER_AT_IT, 5.0, alone=True)
    receipt = smtp.post(server, compose.compose(sending, sender), sender.address, sending.recipient)
    changes: dict[str, object] = {"held_until": None}
    if receipt.outcome is Outcome.SENT:
        changes |= {"accepted_at": clock.now(), "refused": ""}
    if receipt.outcome is Outcome.REFUSED:
        changes["refused"] = receipt.detail[:200]
    Posting.objects.filter(pk=row.pk).update(**changes)
    return receipt


def _refuse(delivery: Delivery, number: int) -> Receipt:
    Posting.objects.update_or_create(
        key=delivery.key,
        number=number,
        defaults={"refused": NO_ADDRESS},
        create_defaults={"refused": NO_ADDRESS, "began_at": clock.now()},
    )
    return Receipt(Outcome.REFUSED, NO_ADDRESS)


def _waiting(delivery: Delivery) -> list[int]:
    """The recipients, by number, who were neither served nor refused.

    Where that is nobody, staff asks for another attempt with those who were refused.
    """
    rows = Posting.objects.filter(key=delivery.key)
    known = {row.number: row for row in rows}
    everyone = range(len(delivery.recipients))
    served = {n for n, row in known.items() if row.accepted_at}
    refused = {n for n, row in known.items() if row.refused}
    fresh = [n for n in everyone if n not in served and n not in refused]
    return fresh or [n for n in everyone if n not in served]


def _together(delivery: Delivery, receipts: list[Receipt]) -> Receipt:
    """One receipt for all: whoever can still be reached is tried again, then staff hears."""
    again = [r for r in receipts if r.outcome is Outcome.RETRY]
    if again:
        return again[-1]
    if len(delivery.recipients) == 1:
        return receipts[-1]
    refused = Posting.objects.filter(key=delivery.key).exclude(refused="")
    reasons = list(refused.order_by("number").values_list("refused", flat=True))
    if not reasons:
        return receipts[-1]
    count = f"{len(delivery.recipients)}人のうち{len(reasons)}人に届きませんでした。"
    return Receipt(Outcome.REFUSED, count + reasons[0])


def _portion(delivery: Delivery) -> str:
    left = len(_waiting(delivery))
    return f"{len(delivery.recipients)}人のうち{left}人に、続けて送ります。"
