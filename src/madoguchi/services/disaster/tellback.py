"""What the senders hear when staff does something with their case."""

from madoguchi.kernel.cases.data import Verb
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.messages import outbox
from madoguchi.kernel.messages.data import Outgoing
from madoguchi.services.disaster.models import Report

SPOKEN_CHANNELS = ("line", "web", "mail", "sms")


def tell(case: Case, verb: Verb, note: str) -> None:
    """Queue the news of a case to everybody who told of it; runs in the verb's transaction."""
    text = _text(case, verb, note)
    if text:
        say_to_senders(case, text)


def say_to_senders(case: Case, text: str) -> int:
    """Queue a text to everybody who told of a case; returns how many people it goes to.

    People who telephoned have no channel to write to; staff rings them back.
    """
    addresses = (
        Report.objects.filter(
            case=case, contact__channel__in=SPOKEN_CHANNELS, contact__following=True
        )
        .values_list("contact__channel", "contact__address")
        .distinct()
    )
    for channel, address in addresses:
        outbox.say(channel, address, [Outgoing(text)], about=f"case:{case.pk}")
    return len(addresses)


def tell_place(case: Case) -> None:
    """Say that staff corrected the place; runs in the transaction of the correction."""
    say_to_senders(
        case,
        f"{_head(case)}場所を「{case.place_label}」に直しました。ちがうときは、このまま送ってください。",
    )


def _head(case: Case) -> str:
    drill = "【訓練】" if case.drill else ""
    return f"{drill}受付番号 {case.number} のお知らせです。"


def _text(case: Case, verb: Verb, note: str) -> str:
    """What the senders hear of a verb; "" when it is no news for them."""
    department = case.department.name if case.department else "担当の課"
    into = case.merged_into.number if case.merged_into else ""
    news = {
        Verb.ASSIGN: f"{department}が担当します。",
        Verb.START: "対応を始めました。",
        Verb.SETTLE: f"対応が終わりました。{note}\nお知らせいただき、ありがとうございました。",
        Verb.REFUSE: f"{case.town.name}では対応できないことがわかりました。理由：{note}",
        Verb.MERGE: f"同じ内容の知らせとまとめました。これからは受付番号 {into} でお知らせします。",
        Verb.REOPEN: "対応をもう一度始めました。",
    }
    return f"{_head(case)}{news[verb]}" if verb in news else ""
