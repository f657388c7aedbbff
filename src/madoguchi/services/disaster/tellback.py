"""What the senders hear when staff does something with their case, each in their language."""

from collections.abc import Callable

from madoguchi.kernel.cases.data import Verb
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.messages import outbox
from madoguchi.kernel.messages.data import Outgoing
from madoguchi.services.disaster.models import Report
from madoguchi.ui.words import Language, Words

SPOKEN_CHANNELS = ("line", "web", "mail", "sms")

HEAD = Words(
    "受付番号 {number} のお知らせです。",
    "番号《ばんごう》 {number} の お知《し》らせです。",
    "News of your number {number}: ",
)
DRILL = Words("【訓練】", "【訓練《くんれん》】", "[DRILL] ")
ABOUT = Words(
    "受付番号 {number} について。\n{note}",
    "番号《ばんごう》 {number} の ことです。\n{note}",
    "About your number {number}. The staff writes:\n{note}",
)
PLACE = Words(
    "場所を「{place}」に直しました。ちがうときは、このまま送ってください。",
    "場所《ばしょ》を「{place}」に なおしました。ちがう ときは、ここに 書《か》いて おくって "
    "ください。",
    "The place was corrected to: {place}. If that is wrong, just write here.",
)
NEWS: dict[Verb, Words] = {
    Verb.ASSIGN: Words(
        "{department}が担当します。",
        "{department}が します。",
        "It is now with: {department}.",
    ),
    Verb.START: Words(
        "対応を始めました。", "仕事《しごと》を はじめました。", "Work on it has begun."
    ),
    Verb.SETTLE: Words(
        "対応が終わりました。{note}\nお知らせいただき、ありがとうございました。",
        "おわりました。{note}\n教《おし》えて くれて、ありがとうございました。",
        "It is done. The staff writes: {note}\nThank you for telling us.",
    ),
    Verb.REFUSE: Words(
        "{town}では対応できないことがわかりました。理由：{note}",
        "{town}では できません。わけ：{note}",
        "{town} cannot act on this. The staff writes: {note}",
    ),
    Verb.MERGE: Words(
        "同じ内容の知らせとまとめました。これからは受付番号 {into} でお知らせします。",
        "同《おな》じ 知《し》らせと いっしょに しました。これからの 番号《ばんごう》は {into} "
        "です。",
        "It was joined with another report of the same matter. Your number is now {into}.",
    ),
    Verb.REOPEN: Words(
        "対応をもう一度始めました。",
        "仕事《しごと》を もう一度《いちど》 はじめました。",
        "Work on it has begun again.",
    ),
}


def tell(case: Case, verb: Verb, note: str) -> None:
    """Queue the news of a case to everybody who told of it; runs in the verb's transaction."""
    if verb not in NEWS:
        return
    unknown = Words("担当の課", "役所《やくしょ》", "the town office")

    def said(to: Language) -> str:
        department = case.department.name if case.department else unknown.written(to)
        into = case.merged_into.number if case.merged_into else ""
        news = NEWS[verb].written(to)
        return _head(case, to) + news.format(
            department=department, note=note, town=case.town.name, into=into
        )

    _say(case, said)


def write(case: Case, note: str) -> int:
    """Queue words of staff to everybody who told of a case; returns to how many people."""
    return _say(case, lambda to: ABOUT.written(to).format(number=case.number, note=note))


def tell_place(case: Case) -> None:
    """Say that staff corrected the place; runs in the transaction of the correction."""
    _say(case, lambda to: _head(case, to) + PLACE.written(to).format(place=case.place_label))


def _say(case: Case, said: Callable[[Language], str]) -> int:
    """People who telephoned have no channel to write to; staff rings them back."""
    addresses = (
        Report.objects.filter(
            case=case, contact__channel__in=SPOKEN_CHANNELS, contact__following=True
        )
        .values_list("contact__channel", "contact__address", "contact__person__preferred_language")
        .distinct()
    )
    for channel, address, language in addresses:
        message = Outgoing(said(Language(language)))
        outbox.say(channel, address, [message], about=f"case:{case.pk}")
    return len(addresses)


def _head(case: Case, to: Language) -> str:
    drill = DRILL.written(to) if case.drill else ""
    return drill + HEAD.written(to).format(number=case.number)
