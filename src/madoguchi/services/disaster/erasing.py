"""What the room gives up: the words of a person who is erased, the words that a sender took back.

The case, its place and what staff wrote stay: somebody may be on the way there.
"""

from django.db.models import QuerySet

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import OPEN_STATES
from madoguchi.kernel.messages.data import TakenBack
from madoguchi.kernel.people.data import ContactRef
from madoguchi.services.disaster import gathering, reading
from madoguchi.services.disaster.data import MACHINE
from madoguchi.services.disaster.models import Photo, Report

TAKEN_BACK = "知らせた人がメッセージを取り消しました。その内容は消去しました。"


def erase(_person_id: int, contacts: list[ContactRef]) -> None:
    """Blank the reports of these contacts; runs in the transaction of the erasure."""
    Report.objects.filter(contact_id__in=[contact.id for contact in contacts]).update(
        text="", place_text="", reasons=[]
    )


def take_back(taken: TakenBack) -> None:
    """Erase the words and the photo from the report they became part of, and tell staff."""
    mine = Report.objects.filter(contact_id=taken.contact_id).select_related("case")
    held = Photo.objects.filter(report__in=mine, file_id=taken.file_id)
    touched = {photo.report_id for photo in held}
    held.delete()
    words = reading.clean(taken.text)
    if (told := _told_in(mine, taken.inbound_id, words)) is not None:
        told.text = _without(told.text, words)
        told.place_text = ""
        told.save()
        touched.add(told.pk)
    for report in mine.filter(pk__in=touched):
        _mark(report)


def _told_in(mine: QuerySet[Report], inbound_id: int, words: str) -> Report | None:
    """The report that a message began, or to which its words were added later."""
    if (began := mine.filter(inbound_id=inbound_id).first()) is not None or not words:
        return began
    for report in mine.filter(text__contains=words).order_by("-sent_at", "-id"):
        if _without(report.text, words) != report.text:
            return report
    return None


def _without(text: str, words: str) -> str:
    """``text``, made of messages one below the other, without one message."""
    if not words:
        return text
    left, found, right = f"\n{text}\n".rpartition(f"\n{words}\n")
    return f"{left}\n{right}".strip("\n") if found else text


def _mark(report: Report) -> None:
    """Reasons quote the words, so they go too; staff sees that the report is in doubt, and why."""
    report.reasons = [{"about": "doubtful", "text": TAKEN_BACK}]
    report.doubtful = True
    report.save(update_fields=["reasons", "doubtful"])
    if report.case is not None and report.case.state in OPEN_STATES:
        gathering.refresh(report.case.pk, actor=MACHINE)
        cases.note(report.case.pk, TAKEN_BACK, actor=MACHINE)
