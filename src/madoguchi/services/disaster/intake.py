"""What residents tell becomes a report, and a report a case, in the inbox's transaction."""

from dataclasses import replace

from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.measures import api as measures
from madoguchi.kernel.messages.turn import Turn
from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.columns import from_columns, to_columns
from madoguchi.kernel.places.data import Accuracy, Place, PlaceKind
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster import gathering, reading
from madoguchi.services.disaster.data import (
    MACHINE,
    Category,
    Message,
    Reading,
    Reason,
    Source,
    Urgency,
)
from madoguchi.services.disaster.models import Photo, Report

SOURCES = {
    "line": Source.LINE,
    "web": Source.WEB,
    "mail": Source.WEB,
    "sms": Source.WEB,
    "phone": Source.PHONE,
}


def source_of(channel: str) -> Source:
    """How much a channel's words weigh; what we do not know weighs as an open post."""
    return SOURCES.get(channel, Source.SNS)


def understand(turn: Turn) -> Reading:
    """Read the words of a turn; a pin that came with them is the place."""
    town = towns.here()
    understood = heard(
        Message(
            turn.incoming.external_id,
            town.code,
            source_of(turn.channel),
            turn.incoming.sent_at,
            reading.clean(turn.incoming.text),
        )
    )
    return with_pin(understood, pin(turn, town)) if turn.incoming.point else understood


def heard(message: Message) -> Reading:
    """The reading of a message. Who posts openly is not asked back: nobody would answer."""
    understood = reading.understand(message)
    return replace(understood, ask_back=False) if message.source is Source.SNS else understood


def wordless(turn: Turn) -> Reading:
    """The reading of a photo or a pin alone: worth recording until words tell more."""
    town = towns.here()
    reason = Reason("urgency", "写真または位置情報だけが届きました。内容を確認中です。")
    empty = Reading(
        categories=(Category.QUESTION,),
        urgency=Urgency.RECORD,
        place_text=None,
        place_kind=PlaceKind.NONE,
        place=Place(None, Accuracy.NONE, 0, "", town.code),
        elsewhere=False,
        ask_back=False,
        doubtful=False,
        settles=False,
        reasons=(reason,),
    )
    return with_pin(empty, pin(turn, town)) if turn.incoming.point else empty


def with_pin(understood: Reading, place: Place) -> Reading:
    """A reading whose place is the sender's own pin."""
    return Reading(
        categories=understood.categories,
        urgency=understood.urgency,
        place_text=understood.place_text,
        place_kind=understood.place_kind,
        place=place,
        elsewhere=False,
        ask_back=False,
        doubtful=understood.doubtful,
        settles=understood.settles,
        reasons=(*understood.reasons, Reason("place", "知らせた人が地図上の位置を示しました。")),
    )


def pin(turn: Turn, town: Town) -> Place:
    """The pin of a turn as a place; the turn must carry one."""
    assert turn.incoming.point is not None
    return reading.pinned(turn.incoming.point, turn.incoming.radius_m, town)


def place_in(text: str, town: Town) -> Place | None:
    """The best place with a point that a text names inside the town, or None."""
    found = [
        mention.place
        for mention in places.find(places.gazetteer(), text, town.code)
        if mention.place.point is not None and not mention.elsewhere
    ]
    return min(found, key=lambda place: place.radius_m) if found else None


def file_report(turn: Turn, understood: Reading) -> Report:
    """Store a report and put it on the map: into the case it tells of, or a new one.

    Words on which nobody needs to act are stored without a case; staff sees them in the list of
    voices and can open one.
    """
    report = Report(
        inbound_id=turn.inbound_id,
        contact_id=turn.contact.id,
        source=source_of(turn.channel).value,
        text=reading.clean(turn.incoming.text),
        sent_at=turn.incoming.sent_at,
        **fields_of(understood),
    )
    report.first_reading = first_of(understood, report)
    report.save()
    if understood.urgency > Urgency.NOTHING:
        gathering.gather(report)
        turn.about = f"case:{report.case_id}"
    if turn.file is not None:
        add_photo(report, turn)
    measures.note(
        "disaster",
        "report",
        channel=turn.channel,
        urgency=str(int(understood.urgency)),
        placed=understood.place.accuracy.value,
    )
    return report


def reconsider(report: Report, *, actor: str) -> Case:
    """Staff says that somebody needs to act on words that were read as chatter."""
    if report.case is None:
        report.urgency = max(report.urgency, Urgency.RECORD)
        report.save(update_fields=["urgency"])
        gathering.open_case(report, actor=actor)
    assert report.case is not None
    return report.case


def add_words(report: Report, turn: Turn, understood: Reading) -> None:
    """Words that belong to an earlier photo, pin or unclear report."""
    text = reading.clean(turn.incoming.text)
    earlier = report.text
    report.text = f"{earlier}\n{text}" if earlier else text
    if not earlier:
        report.first_reading = first_of(understood, report)
    if not earlier or understood.urgency > report.urgency:
        known = from_columns(report)
        for name, value in fields_of(understood).items():
            setattr(report, name, value)
        if known.point is not None and known.confirmed:
            _set_place_columns(report, known)
    report.save()
    _touch(report)


def add_remark(report: Report, turn: Turn) -> None:
    """An answer that named no place: kept with the report for staff to read."""
    report.text = f"{report.text}\n{reading.clean(turn.incoming.text)}".strip()
    report.save(update_fields=["text"])
    _touch(report)


def add_photo(report: Report, turn: Turn) -> None:
    """Put a photo beside a report; its own position proposes a place where there is none."""
    if turn.file is None:
        return
    Photo.objects.get_or_create(
        report=report, file_id=turn.file.id, defaults={"sent_at": turn.incoming.sent_at}
    )
    if turn.file.point is not None and report.lat is None:
        near = reading.pinned(turn.file.point, 100, report.town)
        proposed = Place(near.point, near.accuracy, 100, near.label, near.town_code, False)
        report.reasons = [
            *report.reasons,
            {"about": "place", "text": "写真に記録された位置を使いました（未確認）。"},
        ]
        report.save(update_fields=["reasons"])
        set_place(report, proposed, actor=MACHINE)
    else:
        _touch(report)


def set_place(report: Report, place: Place, *, actor: str) -> None:
    """The place of a report became known."""
    _set_place_columns(report, place)
    report.save()
    if report.case_id:
        gathering.refresh(report.case_id, actor=actor)


def _touch(report: Report) -> None:
    if report.case_id:
        gathering.refresh(report.case_id, actor=MACHINE)
    elif report.urgency > Urgency.NOTHING:
        gathering.gather(report)


def _set_place_columns(report: Report, place: Place) -> None:
    for name, value in to_columns(place).items():
        setattr(report, name, value)
    report.ask_back = place.point is None
    report.elsewhere = False


def fields_of(understood: Reading) -> dict[str, object]:
    """A reading as the columns of a report."""
    return {
        "categories": [c.value for c in understood.categories],
        "urgency": int(understood.urgency),
        "place_text": (understood.place_text or "")[:200],
        "place_kind": understood.place_kind.value,
        "elsewhere": understood.elsewhere,
        "ask_back": understood.ask_back,
        "doubtful": understood.doubtful,
        "settles": understood.settles,
        "reasons": [{"about": r.about, "text": r.text} for r in understood.reasons],
        **to_columns(understood.place),
    }


def first_of(understood: Reading, report: Report) -> dict[str, object]:
    """What the machine says of a report's words when they come, to be measured by later.

    ``letters`` is how much of the report's text was read. A pin of the sender is no reading of the
    machine; ``pinned`` says that there was one. Without words there is nothing to keep.
    """
    if not report.text:
        return {}
    place = understood.place
    pinned = place.confirmed
    point = None if pinned else place.point
    return {
        "letters": len(report.text),
        "urgency": int(understood.urgency),
        "categories": [c.value for c in understood.categories],
        "lat": point.lat if point else None,
        "lon": point.lon if point else None,
        "asked": understood.ask_back,
        "pinned": pinned,
        "drill": bool(towns.here().settings.get("drill")),
    }
