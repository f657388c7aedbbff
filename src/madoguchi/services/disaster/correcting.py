"""What staff sets right. A case keeps what staff set, whatever the machine reads later."""

from collections.abc import Sequence

from django.db import transaction

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import NotAllowed
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.messages.dispatch import incoming_of
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.people import api as people
from madoguchi.kernel.places.columns import from_columns
from madoguchi.kernel.places.data import Place, Point
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster import gathering, intake, reading, tellback
from madoguchi.services.disaster.data import MACHINE, Message
from madoguchi.services.disaster.models import Report


def place_from(where: str, lat: float | None, lon: float | None, case: Case) -> Place:
    """The place that staff gave: a pin, or words that the gazetteer knows.

    Raises ``NotAllowed`` when the words name no place in the town.
    """
    town = Town.objects.get(pk=case.town_id)
    if lat is not None and lon is not None:
        pinned = reading.pinned(Point(lat, lon), 30, town)
        named = where and where != case.place_label  # the form comes filled with the old name
        return _confirmed(pinned, where if named else pinned.label)
    found = intake.place_in(where, town)
    if found is None:
        raise NotAllowed(
            f"「{where}」という場所が見つかりませんでした。町丁目や施設の名前にするか、地図で選んでください。"
        )
    return _confirmed(found, found.label)


def _confirmed(place: Place, label: str) -> Place:
    return Place(place.point, place.accuracy, place.radius_m, label, place.town_code, True)


def correct_place(case: Case, place: Place, *, actor: str, expected_seq: int | None) -> None:
    """Put the case at a place that staff confirms; the senders hear of it."""
    with transaction.atomic():
        placed = cases.set_place(case.pk, place, actor=actor, expected_seq=expected_seq)
        tellback.tell_place(placed)


def judge(
    case: Case,
    *,
    urgency: int,
    categories: Sequence[str],
    doubtful: bool,
    actor: str,
    expected_seq: int | None,
) -> None:
    """Overrule urgency, categories and doubt; only what differs is written."""
    with transaction.atomic():
        if urgency != case.urgency:
            cases.set_urgency(case.pk, urgency, actor=actor, expected_seq=expected_seq)
        if sorted(categories) != sorted(case.categories):
            cases.set_categories(case.pk, categories, actor=actor, expected_seq=expected_seq)
        if doubtful != case.doubtful:
            cases.set_doubtful(case.pk, doubtful, actor=actor, expected_seq=expected_seq)


def merge(case: Case, into: Case, *, actor: str, expected_seq: int | None) -> None:
    """Join two cases; the reports move to the one that stays."""
    with transaction.atomic():
        cases.merge(case.pk, into.pk, actor=actor, expected_seq=expected_seq)
        Report.objects.filter(case=case).update(case=into)
        gathering.refresh(into.pk, actor=MACHINE)


def split(report: Report, *, actor: str) -> Case:
    """Give one report of a case a case of its own; both are shown anew from their reports."""
    old = report.case
    if old is None:
        raise NotAllowed("この知らせは、まだ案件になっていません。")
    with transaction.atomic():
        fresh = cases.split(
            old.pk,
            witnesses=1,
            title=gathering.title_of([report]),
            urgency=report.urgency,
            categories=report.categories,
            place=from_columns(report),
            actor=actor,
        )
        report.case = fresh
        report.save(update_fields=["case"])
        gathering.refresh(old.pk, actor=MACHINE)
    return fresh


def open_from_voice(inbound: Inbound, *, actor: str) -> Case:
    """Open a case for a message on which the machine saw nothing to do, or which it never read."""
    with transaction.atomic():
        report = Report.objects.select_for_update().filter(inbound=inbound).first()
        if report is None:
            report = _read_again(inbound)
        if report.case is not None:
            raise NotAllowed(f"すでに案件 {report.case.number} になっています。")
        inbound.state = Inbound.State.DONE
        inbound.save(update_fields=["state"])
        return intake.reconsider(report, actor=actor)


def _read_again(inbound: Inbound) -> Report:
    """A report from the ledger, for a message that no service took."""
    town = Town.objects.get(pk=inbound.town_id)
    incoming = incoming_of(inbound)
    text = reading.clean(incoming.text)
    source = intake.source_of(inbound.channel)
    understood = intake.heard(
        Message(incoming.external_id, town.code, source, incoming.sent_at, text)
    )
    if incoming.point is not None:
        pin = reading.pinned(incoming.point, incoming.radius_m, town)
        understood = intake.with_pin(understood, pin)
    report = Report(
        inbound=inbound,
        contact_id=people.contact_for(inbound.channel, inbound.sender).id,
        source=source.value,
        text=text,
        sent_at=incoming.sent_at,
        **intake.fields_of(understood),
    )
    report.first_reading = intake.first_of(understood, report)
    report.save()
    return report
