"""SMS as a channel: each recipient is asked for once, and asked about before a repetition."""

import time
from datetime import datetime, timedelta

from django.db.models import Q

from madoguchi.channels import drills
from madoguchi.channels.base import Channel
from madoguchi.channels.keeping import Misconfigured
from madoguchi.channels.sms import account as accounts
from madoguchi.channels.sms import numbers, segments, wording
from madoguchi.channels.sms.account import Account
from madoguchi.channels.sms.models import ShortMessage
from madoguchi.channels.sms.provider import Answer, NoAnswer, Provider, Verdict
from madoguchi.channels.sms.twilio import NUMBER, Twilio
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.data import Delivery, Outcome, Receipt
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns.models import Town

WORK_S = 6.0
HOLD = timedelta(seconds=60)
SET_UP_S = 300.0

NO_ACCOUNT = "この自治体にはSMSの設定がありません。設定してからもう一度送ってください。"
NOTHING_TO_SAY = "送る文章か宛先がありません。内容を確かめてください。"
ANOTHER_AT_IT = "ほかの処理が送っています。"
CANNOT_ASK = "前の送信が届いたかを、SMSの会社に確かめています。"


class SmsChannel(Channel):
    """A town's SMS. See docs/decisions/0021-mail-sms-slack.md for what can happen twice."""

    kind = "sms"

    def __init__(self, town: Town, account: Account | None, problem: str = "") -> None:
        self._town = town
        self._account = account
        self._provider: Provider | None = Twilio(account) if account else None
        self._problem = problem or NO_ACCOUNT

    @classmethod
    def of_town(cls, town_id: int) -> "SmsChannel":
        """The channel of a town; one without usable settings refuses, and says why."""
        town = Town.objects.get(pk=town_id)
        try:
            return cls(town, accounts.of_town(town.settings))
        except Misconfigured as error:
            return cls(town, None, str(error))

    def deliver(self, delivery: Delivery) -> Receipt:
        """Send to every recipient who has not got it yet."""
        if self._account is None:
            return Receipt(Outcome.REFUSED, self._problem)
        text = self.text_of(delivery)
        if not text or not delivery.recipients:
            return Receipt(Outcome.REFUSED, NOTHING_TO_SAY)
        until = time.monotonic() + WORK_S
        last = Receipt(Outcome.SENT)
        for number in _waiting(delivery):
            last = self._send_once(delivery, number, text)
            if last.outcome is Outcome.RETRY:
                return last
            if time.monotonic() > until:
                break
        if _open(delivery):
            return Receipt(Outcome.RETRY, "続けて送ります。", 0.05, alone=True)
        return _together(delivery, last)

    def text_of(self, delivery: Delivery) -> str:
        """The words as they are sent."""
        assert self._account is not None
        return wording.to_sms(
            delivery.messages,
            town=self._town.name,
            phone=self._town.contact_phone,
            can_answer=self._account.can_answer,
            drill=drills.is_drill(self._town, delivery, drills.about(delivery)),
        )

    def _send_once(self, delivery: Delivery, number: int, text: str) -> Receipt:
        row = ShortMessage.objects.get_or_create(
            key=delivery.key, number=number, defaults={"began_at": clock.now()}
        )[0]
        if not _hold(row):
            return Receipt(Outcome.RETRY, ANOTHER_AT_IT, 5.0, alone=True)
        to = numbers.e164(delivery.recipients[number])
        answer = Answer(Verdict.NUMBER, detail=NUMBER) if to is None else self._ask(row, to, text)
        return _written(row, delivery.recipients[number], text, answer)

    def _ask(self, row: ShortMessage, to: str, text: str) -> Answer:
        """Send; where an earlier attempt may have arrived, look for it first."""
        assert self._provider is not None
        if row.asked_at is not None:
            lately = row.began_at - timedelta(days=2)
            known = ShortMessage.objects.exclude(sid="").filter(began_at__gte=lately)
            others = frozenset(known.values_list("sid", flat=True))
            try:
                found = self._provider.find(to, text, row.asked_at, others)
            except NoAnswer:
                return Answer(Verdict.UNKNOWN, detail=CANNOT_ASK)
            if found:
                return Answer(Verdict.TAKEN, found)
        _update(row, asked_at=clock.now())
        return self._provider.send(to, text, self._callback(row))

    def _callback(self, row: ShortMessage) -> str:
        """Where receipts go: only to an https address that the provider can open."""
        assert self._account is not None
        if not self._account.origin.startswith("https://"):
            return ""
        return f"{self._account.origin}/channels/sms/status?key={row.key}&number={row.number}"


def _hold(row: ShortMessage) -> bool:
    """Keep other processes away; False when one is at it."""
    now = clock.now()
    free = Q(held_until=None) | Q(held_until__lte=now) | Q(held_until__gt=now + HOLD)
    return bool(ShortMessage.objects.filter(free, pk=row.pk, sid="").update(held_until=now + HOLD))


def _written(row: ShortMessage, recipient: str, text: str, answer: Answer) -> Receipt:
    """Write down what the provider said, and say it as a receipt."""
    match answer.verdict:
        case Verdict.TAKEN:
            parts = segments.measure(text).parts
            _update(row, sid=answer.sid, parts=parts, held_until=None, refused="")
            row.refresh_from_db()
            if row.failed:  # the receipt was faster than the answer
                detail = row.failed
                _update(row, sid="", asked_at=None, failed="", refused=detail)
                return Receipt(Outcome.REFUSED, detail)
            return Receipt(Outcome.SENT, external_id=answer.sid)
        case Verdict.UNKNOWN:
            _update(row, held_until=None)
            return Receipt(Outcome.RETRY, answer.detail)
        case Verdict.LATER:
            _update(row, held_until=None, asked_at=None)
            return Receipt(Outcome.RETRY, answer.detail, answer.retry_after_s)
        case Verdict.SET_UP:
            _update(row, held_until=None, asked_at=None)
            return Receipt(Outcome.RETRY, answer.detail, SET_UP_S)
        case Verdict.STOPPED:
            people.set_following("sms", recipient, False)
    _update(row, held_until=None, asked_at=None, refused=answer.detail[:300])
    return Receipt(Outcome.REFUSED, answer.detail)


def _update(row: ShortMessage, **changes: str | int | datetime | None) -> None:
    ShortMessage.objects.filter(pk=row.pk).update(**changes)
    for name, value in changes.items():
        setattr(row, name, value)


def _open(delivery: Delivery) -> list[int]:
    """The recipients, by number, who were neither served nor refused."""
    rows = ShortMessage.objects.filter(Q(refused__gt="") | Q(sid__gt=""), key=delivery.key)
    done = set(rows.values_list("number", flat=True))
    return [n for n in range(len(delivery.recipients)) if n not in done]


def _waiting(delivery: Delivery) -> list[int]:
    """Those who are open; where nobody is, staff asks again for those who were refused."""
    served = ShortMessage.objects.filter(key=delivery.key, sid__gt="")
    done = set(served.values_list("number", flat=True))
    return _open(delivery) or [n for n in range(len(delivery.recipients)) if n not in done]


def _together(delivery: Delivery, last: Receipt) -> Receipt:
    if len(delivery.recipients) == 1:
        return last
    refused = ShortMessage.objects.filter(key=delivery.key).exclude(refused="")
    reasons = list(refused.order_by("number").values_list("refused", flat=True))
    if not reasons:
        return Receipt(Outcome.SENT)
    count = f"{len(delivery.recipients)}人のうち{len(reasons)}人に届きませんでした。"
    return Receipt(Outcome.REFUSED, count + reasons[0])
