"""The first look at a message: what the rules find, and what the model is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.data import Mention, PlaceKind
from madoguchi.services.disaster.data import Category, Message, Reason, Source
from madoguchi.services.disaster.engine import doubt, features, judge, text, where

LONGEST = 5000
PLACE = "〓"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the rules found in a message, and what the model looks at."""

    plain: str
    judged: judge.Judgement
    chosen: where.Where
    suspicions: list[Reason]
    features: features.Features


def see(message: Message, gazetteer: places.Gazetteer) -> Seen:
    """Look at a message with the rules; only its first ``LONGEST`` characters are read."""
    words = message.text[:LONGEST]
    plain = text.plain(words)
    judged = judge.judge(plain)
    mentions = places.find(gazetteer, words, message.town)
    chosen = where.choose(words, mentions, message.town)
    suspicions = doubt.suspicions(
        plain,
        open_post=message.source is Source.SNS,
        block_exists=chosen.exists,
        calls_for_help=Category.RESCUE in judged.categories,
    )
    rules = features.of_rules(plain, message.source, judged, chosen, doubtful=bool(suspicions))
    found = {**features.of_text(text.plain(masked(words, mentions))), "rule": rules}
    return Seen(plain, judged, chosen, suspicions, found)


def masked(words: str, mentions: Sequence[Mention]) -> str:
    """The text with a sign for every name that says only where: what happens there is no habit.

    Facilities stay: a school or a town hall tells more than a place.
    """
    parts, end = [], 0
    for mention in mentions:
        if mention.kind is not PlaceKind.FACILITY:
            parts += [words[end : mention.start], PLACE]
            end = mention.end
    return "".join([*parts, words[end:]])
