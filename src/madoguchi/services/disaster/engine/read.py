"""One message understood: what, how urgent, where, doubtful or not, and why."""

from dataclasses import replace

from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.data import Accuracy, Place, PlaceKind
from madoguchi.services.disaster.data import Category, Message, Reading, Urgency
from madoguchi.services.disaster.engine import doubt, learned, reasons, seeing, sure, where
from madoguchi.services.disaster.engine.english import language, reader
from madoguchi.services.disaster.engine.english.language import Language
from madoguchi.services.disaster.engine.learned import Verdict
from madoguchi.services.disaster.engine.model import Model
from madoguchi.services.disaster.engine.seeing import Seen

_IN_NEED = frozenset({Category.RESCUE, Category.INJURY})
_ASKS_ONLY = (Category.QUESTION,)
_PLACELESS = (_ASKS_ONLY, (Category.MISSING,), (Category.IRRELEVANT,))
"""What nobody is asked a place for, unless a place was told that may be wrong."""


def read(message: Message, gazetteer: places.Gazetteer, model: Model) -> Reading:
    """Read one message with the names in ``gazetteer``; never raises for what a text may hold."""
    spoken = language.of(message.text)
    if spoken is not Language.JAPANESE:
        seen = reader.see(message, gazetteer, spoken)
        understood = conclude(message, seen, reader.verdict(seen), right=True)
        return replace(understood, reasons=reader.why(seen))
    seen = seeing.see(message, gazetteer)
    verdict = learned.heard(learned.decide(model.text, seen.features), seen.judged)
    right = True
    if seen.chosen.place.point is not None:
        around = sure.features(message.text, seen.chosen, verdict)
        right = float(model.sure.scores(around)[0]) >= model.sure.thresholds[sure.RIGHT]
    understood = conclude(message, seen, verdict, right=right)
    why = (*reasons.of(seen, verdict, model.text), *reasons.of_place(seen, right=right))
    return replace(understood, reasons=why)


def conclude(message: Message, seen: Seen, verdict: Verdict, *, right: bool) -> Reading:
    """The reading that follows from what was seen and decided, without its reasons.

    ``right``: whether the chosen place is likely where the event is. If not, the sender is asked;
    where nobody is to be asked (a question, a matter that is over, chatter) no point is claimed.
    """
    chosen, urgency = seen.chosen, verdict.urgency
    doubtful = bool(seen.suspicions) or verdict.doubtful
    if doubtful and doubt.is_rumour(seen.plain) and _IN_NEED.isdisjoint(verdict.categories):
        urgency = min(urgency, Urgency.RECORD)
    if urgency is Urgency.NOTHING:
        chosen = where.NOWHERE
    settles = seen.judged.settles and urgency <= Urgency.RECORD
    open_matter = urgency is not Urgency.NOTHING and not settles
    asks = Category.QUESTION in verdict.categories and urgency <= Urgency.RECORD
    needs_place = open_matter and not asks and verdict.categories not in _PLACELESS
    confirm = open_matter and verdict.categories != _ASKS_ONLY and not right
    ask = where.must_ask(chosen, urgency, actionable=needs_place) or confirm
    place = chosen.place
    if chosen.kind is PlaceKind.NONE or not (right or ask):
        place = Place(None, Accuracy.NONE, 0, "", message.town)
    return Reading(
        categories=verdict.categories,
        urgency=urgency,
        place_text=chosen.text,
        place_kind=chosen.kind,
        place=place,
        elsewhere=chosen.elsewhere,
        ask_back=ask,
        doubtful=doubtful,
        settles=settles,
    )
