"""The room at the door for words: one conversation that ends with a place on the map."""

from datetime import timedelta

from madoguchi.kernel.messages.data import EventKind
from madoguchi.kernel.messages.router import Bid, Listener
from madoguchi.kernel.messages.turn import Turn
from madoguchi.kernel.places.columns import from_columns
from madoguchi.kernel.places.data import Place
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster import intake, open_posts, reading, speaking, words
from madoguchi.services.disaster.data import MACHINE, SERVICE, Category, Reading, Urgency
from madoguchi.services.disaster.engine import alarm
from madoguchi.services.disaster.models import Report
from madoguchi.ui.words import Language

ASK_MINUTES = 30
MOST_QUESTIONS = 2
RECENT = timedelta(minutes=30)

TAKEN = frozenset({EventKind.TEXT, EventKind.IMAGE, EventKind.LOCATION})

BID_BY_URGENCY = {Urgency.LIFE: 1.0, Urgency.TODAY: 0.9, Urgency.RECORD: 0.7, Urgency.NOTHING: 0.1}


class DisasterListener(Listener):
    """Takes what residents tell of a disaster or a trouble in town."""

    name = SERVICE
    title = "災害・困りごとの知らせ"
    optional = True

    def warm(self) -> None:
        """Open the model and the dictionary of words."""
        reading.warm()

    def alarm(self, text: str) -> str | None:
        """Danger to life, by the engine's fast check."""
        reason = alarm.is_life_danger(reading.clean(text))
        return reason.text if reason else None

    def bid(self, turn: Turn) -> Bid | None:
        """Photos and places are for this room; words by how urgent they read."""
        kind = turn.incoming.kind
        if kind in (EventKind.IMAGE, EventKind.LOCATION):
            return Bid(0.6, "写真または位置情報です")
        if kind is not EventKind.TEXT:
            return None
        understood = intake.understand(turn)
        if understood.categories == (Category.IRRELEVANT,):
            return Bid(BID_BY_URGENCY[Urgency.NOTHING], "災害の知らせとは読み取れませんでした")
        names = words.category_names(c.value for c in understood.categories)
        return Bid(BID_BY_URGENCY[understood.urgency], f"「{names}」と読み取りました")

    def handle(self, turn: Turn) -> None:
        """Take one event of the conversation, or a message that staff hands to the room."""
        if turn.handed_over and (known := Report.objects.filter(inbound=turn.inbound_id).first()):
            intake.reconsider(known, actor=MACHINE)
            return
        if turn.channel == open_posts.CHANNEL:
            open_posts.take(turn)
            return
        if turn.incoming.kind not in TAKEN:
            turn.say(speaking.say_it_in_words(_to(turn)))
            return
        if turn.file_note:
            turn.say(speaking.photo_refused(_to(turn), turn.file_note))
        if turn.danger is not None and turn.incoming.kind is not EventKind.TEXT:
            _take_text(turn)  # words beside a pin are words first, when they tell of danger
            return
        if turn.conversation.service == SERVICE and turn.conversation.is_open(turn.now):
            report = _asked_report(turn)
            if report is not None:
                _STEPS[turn.conversation.step](turn, report)
                return
        _take_new(turn)


def _asked_report(turn: Turn) -> Report | None:
    pk = int(str(turn.conversation.data["report"]))
    return Report.objects.filter(pk=pk).select_related("case", "town").first()


def _take_new(turn: Turn) -> None:
    """Words, a photo or a pin without an open question."""
    kind = turn.incoming.kind
    if kind is EventKind.TEXT:
        _take_text(turn)
    elif kind in (EventKind.IMAGE, EventKind.LOCATION):
        _take_wordless(turn)


def _take_text(turn: Turn) -> None:
    report = intake.file_report(turn, intake.understand(turn))
    if report.case is None:
        town = Town.objects.get(pk=report.town_id)
        turn.stop_asking()
        turn.say(speaking.heard(_to(turn), town.name, town.contact_phone))
        return
    _acknowledge(turn, report)


def _take_wordless(turn: Turn) -> None:
    """A photo or a pin: for the report just sent, else the start of a new one.

    A place that is confirmed is not moved by a later pin: that is where something else happens.
    """
    recent = (
        Report.objects.filter(
            contact_id=turn.contact.id, sent_at__gte=turn.incoming.sent_at - RECENT
        )
        .filter(case__isnull=False)
        .select_related("case", "town")
        .order_by("-sent_at")
        .first()
    )
    if recent is not None and recent.place_confirmed and turn.incoming.point is not None:
        recent = None
    if recent is None:
        if turn.file is None and turn.incoming.point is None:
            return  # the photo could not be kept; that was said
        report = intake.file_report(turn, intake.wordless(turn))
        _ask_what(turn, report)
    elif turn.incoming.point is not None:
        _take_place(turn, recent, intake.pin(turn, recent.town))
    elif turn.file is not None:
        intake.add_photo(recent, turn)
        turn.say(speaking.photo_added(_to(turn), _number(recent)))


def _ask_what(turn: Turn, report: Report) -> None:
    ask = speaking.photo_first if turn.file else speaking.pin_first
    turn.say(ask(_to(turn), _number(report)))
    turn.ask(SERVICE, "what", {"report": report.pk}, ASK_MINUTES)


def _acknowledge(turn: Turn, report: Report) -> None:
    """Say what was understood; ask for the place or its confirmation when it is needed."""
    turn.about = f"case:{report.case_id}"
    place = from_columns(report)
    danger = turn.danger is not None or report.urgency == Urgency.LIFE
    if report.ask_back:
        step = "where" if place.point is None else "confirm"
        speak = speaking.received_ask_place
        if step == "confirm":
            speak = speaking.received_confirm_place
        turn.say(speak(_to(turn), _number(report), report.categories, place, danger=danger))
        turn.ask(SERVICE, step, {"report": report.pk, "asked": 1}, ASK_MINUTES)
    else:
        turn.say(
            speaking.received(_to(turn), _number(report), report.categories, place, danger=danger)
        )
        turn.stop_asking()


def _answer_what(turn: Turn, report: Report) -> None:
    """The words that belong to a photo or pin sent before."""
    if turn.incoming.kind is EventKind.TEXT:
        intake.add_words(report, turn, intake.understand(turn))
        _acknowledge(turn, report)
    elif turn.incoming.point is not None:
        intake.set_place(report, intake.pin(turn, report.town), actor=_actor(turn))
        turn.say(speaking.pin_first(_to(turn), _number(report)))
    elif turn.file is not None:
        intake.add_photo(report, turn)
        turn.say(speaking.photo_added(_to(turn), _number(report)))


def _answer_where(turn: Turn, report: Report) -> None:
    """An answer to 「どこですか」: a pin, a place in words, "I do not know", or other news."""
    if turn.incoming.point is not None:
        _take_place(turn, report, intake.pin(turn, report.town))
        return
    if turn.file is not None:
        intake.add_photo(report, turn)
        turn.say(speaking.photo_added(_to(turn), _number(report)))
        return
    if turn.incoming.kind is not EventKind.TEXT:
        return
    text = reading.clean(turn.incoming.text)
    if text in speaking.IGNORANCE:
        _give_up(turn, report)
        return
    understood = intake.understand(turn)
    place = intake.place_in(text, report.town)
    if place is not None and not _another_matter(report, understood):
        intake.add_words(report, turn, understood)
        _take_place(turn, report, place)
    elif _is_news(turn, understood):
        _take_text(turn)
    else:
        _ask_again(turn, report)


def _answer_confirm(turn: Turn, report: Report) -> None:
    """An answer to 「この場所で合っていますか」."""
    text = reading.clean(turn.incoming.text)
    if text in speaking.ASSENTS:
        place = from_columns(report)
        confirmed = Place(
            place.point, place.accuracy, place.radius_m, place.label, place.town_code, True
        )
        _take_place(turn, report, confirmed)
    elif text in speaking.DENIALS:
        turn.say(speaking.place_still_unknown(_to(turn)))
        turn.ask(SERVICE, "where", {"report": report.pk, "asked": 1}, ASK_MINUTES)
    else:
        _answer_where(turn, report)


def _is_news(turn: Turn, understood: Reading) -> bool:
    """Whether an answer is in truth another report (danger, or words that need someone to act)."""
    told = [c for c in understood.categories if c is not Category.IRRELEVANT]
    return turn.danger is not None or (understood.urgency >= Urgency.TODAY and bool(told))


def _another_matter(report: Report, understood: Reading) -> bool:
    """Whether words with a place tell of something else than what was asked about.

    Danger is not told apart: where it is, is the answer that counts.
    """
    loose = {Category.QUESTION, Category.IRRELEVANT}
    told = set(understood.categories) - loose
    known = {Category(c) for c in report.categories} - loose
    pressing = understood.urgency is Urgency.TODAY
    return pressing and bool(told and known) and told.isdisjoint(known)


def _take_place(turn: Turn, report: Report, place: Place) -> None:
    turn.about = f"case:{report.case_id}"
    intake.set_place(report, place, actor=_actor(turn))
    turn.say(
        speaking.place_taken(_to(turn), _number(report), place, danger=turn.danger is not None)
    )
    turn.stop_asking()


def _ask_again(turn: Turn, report: Report) -> None:
    """Ask once more; after that staff finds out. What was said is kept with the report."""
    intake.add_remark(report, turn)
    asked = int(str(turn.conversation.data.get("asked", 1)))
    if asked >= MOST_QUESTIONS:
        _give_up(turn, report)
        return
    turn.say(speaking.place_still_unknown(_to(turn)))
    turn.ask(SERVICE, "where", {"report": report.pk, "asked": asked + 1}, ASK_MINUTES)


def _give_up(turn: Turn, report: Report) -> None:
    turn.about = f"case:{report.case_id}"
    turn.say(speaking.place_given_up(_to(turn), report.town.contact_phone))
    turn.stop_asking()


def _to(turn: Turn) -> Language:
    return Language(turn.contact.language)


def _number(report: Report) -> str:
    return report.case.number if report.case else ""


def _actor(turn: Turn) -> str:
    return f"person:{turn.contact.person_id}"


_STEPS = {"what": _answer_what, "where": _answer_where, "confirm": _answer_confirm}
