"""The verbs of the room: each one transaction with audit, history and, where due, an answer."""

from datetime import date, datetime

from django.db import transaction

from madoguchi.channels import registry
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import NotAllowed
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files.data import FileRef
from madoguchi.kernel.measures import api as measures
from madoguchi.kernel.messages import outbox
from madoguchi.kernel.messages.data import Outgoing
from madoguchi.kernel.towns import api as towns
from madoguchi.services.helpdesk import speaking
from madoguchi.services.helpdesk.data import SERVICE, Asking, Call, When
from madoguchi.services.helpdesk.models import HelpRequest

MOST_TEXT = 5000


def ask(asking: Asking, *, once: str, contact_id: int | None, actor: str) -> HelpRequest:
    """Open a case for a request; a second call with the same ``once`` changes nothing."""
    with transaction.atomic():
        known = HelpRequest.objects.select_related("case").filter(once=once).first()
        if known is not None:
            return known
        case = cases.open_case(
            service=SERVICE,
            title=f"使い方の相談（{speaking.TOPICS[asking.topic].ja}）",
            actor=actor,
            urgency=1,
            categories=[asking.topic.value],
            drill=bool(towns.here().settings.get("drill")),
        )
        row = HelpRequest.objects.create(
            once=once,
            case=case,
            contact_id=contact_id,
            channel=asking.channel,
            topic=asking.topic,
            text=asking.text.strip()[:MOST_TEXT],
            name=asking.name,
            phone=asking.phone,
            wished_on=asking.wished_on,
            wished_when=asking.wished_when,
            call=Call.WANTED if asking.phone else Call.NONE,
            asked_at=clock.now(),
        )
        measures.note(SERVICE, "asked", channel=asking.channel, topic=asking.topic.value)
    return row


def add_words(row: HelpRequest, text: str, file: FileRef | None, *, actor: str) -> None:
    """The asker tells more, in words or by a photo of the screen."""
    with transaction.atomic():
        row.text = "\n".join(part for part in (row.text, text.strip()) if part)[:MOST_TEXT]
        if file is not None:
            row.file_id = file.id
        row.save(update_fields=["text", "file"])
        cases.note(row.case_id, "相談した人が書き足しました。", actor=actor)


def want_call(
    row: HelpRequest,
    phone: str,
    *,
    on: date | None = None,
    when: When = When.ANY,
    actor: str,
) -> None:
    """The asker wants to be called at ``phone``."""
    with transaction.atomic():
        row.phone, row.wished_on, row.wished_when, row.call = phone, on, when, Call.WANTED
        row.save(update_fields=["phone", "wished_on", "wished_when", "call"])
        cases.note(row.case_id, "電話での相談を希望しています。", actor=actor)


def called(row: HelpRequest, note: str, *, reached: bool, actor: str) -> None:
    """Staff has called: the person answered, or nobody did and the call is still wanted.

    Raises ``NotAllowed`` when no call is wanted (a colleague was faster, say).
    """
    with transaction.atomic():
        held = HelpRequest.objects.select_for_update().get(pk=row.pk)
        if held.call not in (Call.WANTED, Call.MISSED):
            raise NotAllowed("この相談の電話は済んでいます。画面を開き直して確かめてください。")
        held.call = Call.REACHED if reached else Call.MISSED
        held.save(update_fields=["call"])
        said = "電話で話しました。" if reached else "電話しましたが、出られませんでした。"
        cases.note(held.case_id, f"{said}{note.strip()}", actor=actor)
        if reached:
            mark_answered(held)


def answer(row: HelpRequest, text: str, *, actor: str) -> bool:
    """Write to the asker; False when there is no way to (they are to be called)."""
    with transaction.atomic():
        cases.note(row.case_id, f"送信：{text.strip()}", actor=actor)
        told = tell(row, text.strip())
        if told:
            mark_answered(row)
    return told


def settle_by_asker(row: HelpRequest, *, actor: str) -> None:
    """The asker managed it alone."""
    with transaction.atomic():
        row.call = Call.NONE
        row.save(update_fields=["call"])
        cases.settle(row.case_id, actor=actor, note=MANAGED)


MANAGED = "相談した人から、できたと知らせがありました。"


def tell(row: HelpRequest, text: str) -> bool:
    """Queue words to the asker, in the caller's transaction; False where no channel leads there."""
    if not can_write(row):
        return False
    assert row.contact is not None
    head = "【訓練】" if row.case.drill else ""
    said = f"{head}使い方の相談（受付番号 {row.case.number}）のお返事です。\n{text}"
    outbox.say(
        row.contact.channel, row.contact.address, [Outgoing(said)], about=f"case:{row.case_id}"
    )
    return True


def can_write(row: HelpRequest) -> bool:
    """Whether words can be sent to the asker."""
    contact = row.contact
    return contact is not None and contact.following and contact.channel in registry.kinds()


def mark_answered(row: HelpRequest) -> None:
    """Note when a person of the town first answered; in the caller's transaction."""
    now = clock.now()
    first = HelpRequest.objects.filter(pk=row.pk, answered_at=None).update(answered_at=now)
    if first:
        row.answered_at = now
        measures.note(SERVICE, "answered", _minutes(row.asked_at, now), channel=row.channel)


def read(row: HelpRequest, *, actor: str) -> None:
    """A request names a person: who reads it stands in the log."""
    audit.record("help.read", f"case:{row.case_id}", actor=actor)


def _minutes(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / 60
