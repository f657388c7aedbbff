"""One message understood: what, how urgent, where, doubtful or not, and why."""

from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.data import Accuracy, Place, PlaceKind
from madoguchi.services.disaster.data import Category, Message, Reading, Source, Urgency
from madoguchi.services.disaster.engine import doubt, judge, text, where

LONGEST = 5000
_PLACELESS = ((Category.QUESTION,), (Category.MISSING,), (Category.IRRELEVANT,))


def read(message: Message, gazetteer: places.Gazetteer) -> Reading:
    """Read one message with the names in ``gazetteer``; never raises for what a text may hold.

    Only the first ``LONGEST`` characters are read.
    """
    words = message.text[:LONGEST]
    plain = text.plain(words)
    judged = judge.judge(plain, message.source)
    found = places.find(gazetteer, words, message.town)
    chosen = where.choose(words, found, message.town)
    suspicions = doubt.suspicions(
        plain,
        open_post=message.source is Source.SNS,
        block_exists=chosen.exists,
        calls_for_help=Category.RESCUE in judged.categories,
    )
    urgency, categories = judged.urgency, judged.categories
    rumour = bool(suspicions) and doubt.is_rumour(plain)
    if rumour and urgency is not Urgency.LIFE:
        urgency = Urgency.RECORD
    asks_only = judged.question and urgency <= Urgency.RECORD
    actionable = not (judged.settles or asks_only)
    place, ask = chosen.place, where.must_ask(chosen, urgency, actionable=actionable)
    if chosen.kind is PlaceKind.NONE:
        place = Place(None, Accuracy.NONE, 0, "", message.town)
    return Reading(
        categories=categories,
        urgency=urgency,
        place_text=chosen.text,
        place_kind=chosen.kind,
        place=place,
        elsewhere=chosen.elsewhere,
        ask_back=ask and categories not in _PLACELESS,
        doubtful=bool(suspicions),
        settles=judged.settles,
        reasons=(*judged.reasons, *chosen.reasons, *suspicions),
    )
