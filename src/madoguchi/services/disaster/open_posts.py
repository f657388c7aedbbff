"""Open posts of social networks: put on the map like other words, and shown as unverified.

A post is nobody's testimony: it counts as no witness, its sender is not asked back, its place comes
from its words alone. A case of which only open posts tell is shown as 「未確認（SNS）」.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Count

from madoguchi.channels.sns import api as sns
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import OPEN_STATES
from madoguchi.kernel.messages.data import EventKind
from madoguchi.kernel.messages.turn import Turn
from madoguchi.kernel.towns import api as towns
from madoguchi.services.disaster import gathering, intake, reading, words
from madoguchi.services.disaster.data import MACHINE, Category, Message, Source, Urgency
from madoguchi.services.disaster.models import Photo, Report

CHANNEL = sns.CHANNEL
UNVERIFIED = "未確認（SNS）"
REWRITTEN = "投稿した人が文を書き直しました。新しい文で読み取り直しました。"


def take(turn: Turn) -> None:
    """Take one event of the channel: words become a report, a picture joins the words it is of."""
    if turn.incoming.kind is EventKind.TEXT:
        intake.file_report(turn, intake.understand(turn))
    elif turn.incoming.kind is EventKind.IMAGE and turn.file is not None:
        told = Report.objects.filter(
            contact_id=turn.contact.id, inbound__message=turn.incoming.message
        ).first()
        if told is not None:
            Photo.objects.get_or_create(
                report=told, file_id=turn.file.id, defaults={"sent_at": turn.incoming.sent_at}
            )


def reread(edited: sns.Edited) -> None:
    """Read the new words of a post whose author changed them; staff sees that it was changed."""
    report = (
        Report.objects.select_related("town", "inbound")
        .filter(inbound_id=edited.inbound_id)
        .first()
    )
    if report is None:
        return
    report.text = reading.clean(edited.after)
    message = Message(
        report.inbound.external_id, report.town.code, Source.SNS, report.sent_at, report.text
    )
    understood = intake.heard(message)
    for name, value in intake.fields_of(understood).items():
        setattr(report, name, value)
    report.first_reading = intake.first_of(understood, report)  # the words it was of are gone
    report.save()
    if report.case is None:
        if understood.urgency > Urgency.NOTHING:
            gathering.gather(report)
        return
    if report.case.state in OPEN_STATES:
        gathering.refresh(report.case.pk, actor=MACHINE)
        cases.note(report.case.pk, REWRITTEN, actor=MACHINE)


def counts(case_ids: Iterable[int] | None = None) -> Mapping[int, int]:
    """How many of the reports of these cases (None: of all) are open posts; one query."""
    told = Report.objects.filter(source=Source.SNS.value, case__isnull=False)
    if case_ids is not None:
        told = told.filter(case_id__in=list(case_ids))
    return dict(told.order_by().values_list("case_id").annotate(Count("id")))


def preview(text: str, at: datetime) -> sns.Preview:
    """How a text would be read."""
    town = towns.here()
    understood = intake.heard(Message("", town.code, Source.SNS, at, reading.clean(text)))
    if understood.categories == (Category.IRRELEVANT,):
        return sns.Preview(("災害の知らせとは読み取れません（案件にはなりません）",))
    place = words.place_name(understood.place)
    return sns.Preview(
        (
            words.URGENCY_NAMES[int(understood.urgency)],
            words.category_names(c.value for c in understood.categories),
            f"場所：{place}",
        ),
        urgent=understood.urgency is Urgency.LIFE,
    )
