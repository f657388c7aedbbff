"""Is the town's mailbox connected? Each step waits for the network: never in a transaction."""

import smtplib
from dataclasses import dataclass

from madoguchi.channels.mail import compose, mailbox, smtp
from madoguchi.channels.mail.account import Account
from madoguchi.channels.mail.compose import Sender, Sending
from madoguchi.channels.mail.mailbox import Trouble
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.data import Outcome, Outgoing
from madoguchi.kernel.towns.models import Town

IN, OUT = "受信", "送信"
TRIAL = Outgoing(
    "これは接続を確かめるための、試しのメールです。\n"
    "このメールに「テストです」と返信すると、受信も確かめられます。"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried; ``todo`` says what to do, "" when all is well."""

    title: str
    text: str
    todo: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing is to be done."""
        return not self.todo


def examine(account: Account) -> list[Step]:
    """Log in to read and to send; nothing is read and nothing is sent."""
    return [_reading(account), _sending(account)]


def send(account: Account, town: Town, to: str, key: str) -> Step:
    """Send a test mail."""
    sender = Sender(account.address, account.name or town.name, town.name, town.contact_phone)
    sending = Sending(key, 0, to, (TRIAL,), clock.now(), drill=bool(town.settings.get("drill")))
    try:
        with smtp.connection(account) as server:
            receipt = smtp.post(server, compose.compose(sending, sender), account.address, to)
    except (smtplib.SMTPException, OSError, smtp.Unprotected, UnicodeError) as error:
        receipt = smtp.verdict(error)
    if receipt.outcome is Outcome.SENT:
        return Step(OUT, "試しのメールを送りました。届くまで数分かかることがあります。")
    return Step(OUT, "試しのメールを送れませんでした。", _now(receipt.detail))


def _reading(account: Account) -> Step:
    try:
        with mailbox.opened(account):
            return Step(IN, f"メールボックス（{account.folder}）を開けました。")
    except Trouble as trouble:
        return Step(IN, "メールボックスを開けませんでした。", str(trouble))


def _sending(account: Account) -> Step:
    try:
        with smtp.connection(account):
            return Step(OUT, "送信サーバーにつながりました。")
    except (smtplib.SMTPException, OSError, smtp.Unprotected, UnicodeError) as error:
        detail = _now(smtp.verdict(error).detail)
        return Step(OUT, "送信サーバーにつながりませんでした。", detail)


def _now(detail: str) -> str:
    """Nothing is repeated here by itself."""
    return detail.replace("直るまで、自動で送り直します。", "").replace(
        "自動で送り直します。", "しばらく待って、もう一度確かめてください。"
    )
