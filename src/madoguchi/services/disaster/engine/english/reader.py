"""The first look at a message that is not in Japanese, and what follows from it by rules alone."""

from dataclasses import replace

from madoguchi.kernel.places import api as places
from madoguchi.services.disaster.data import Category, Message, Reason, Source, Urgency
from madoguchi.services.disaster.engine import where
from madoguchi.services.disaster.engine.english import judge, tokens
from madoguchi.services.disaster.engine.english.language import Language
from madoguchi.services.disaster.engine.judge import Judgement
from madoguchi.services.disaster.engine.learned import Verdict
from madoguchi.services.disaster.engine.seeing import LONGEST, Seen

IN_ENGLISH = Reason("language", "英語の文として、英語の言葉の規則で読みました。")
IN_ANOTHER = Reason(
    "language", "日本語でも英語でもない言葉のようです。機械は読めないので、人が読んでください。"
)


def see(message: Message, gazetteer: places.Gazetteer, language: Language) -> Seen:
    """Look at a message in Latin letters; only its first ``LONGEST`` characters are read."""
    words = message.text[:LONGEST]
    plain = tokens.plain(words)
    judged = judge.judge(plain)
    if language is Language.OTHER:
        judged = _unread(judged)
    chosen = where.choose(words, places.find(gazetteer, words, message.town), message.town)
    suspicions = judge.suspicions(
        plain,
        calls_for_help=Category.RESCUE in judged.categories,
        open_post=message.source is Source.SNS,
    )
    told = IN_ENGLISH if language is Language.ENGLISH else IN_ANOTHER
    judged = replace(judged, reasons=(told, *judged.reasons))
    return Seen(plain, judged, chosen, suspicions, {})


def verdict(seen: Seen) -> Verdict:
    """What the rules say. What is in doubt is seen by staff, and urgent only for who is in need."""
    categories, urgency = seen.judged.categories, seen.judged.urgency
    in_need = Category.RESCUE in categories or Category.INJURY in categories
    if seen.suspicions and not in_need:
        urgency = Urgency.RECORD
    return Verdict(categories, urgency, bool(seen.suspicions))


def why(seen: Seen) -> tuple[Reason, ...]:
    """The reasons, for staff."""
    return (*seen.judged.reasons, *seen.suspicions, *seen.chosen.reasons)


def _unread(judged: Judgement) -> Judgement:
    """Another language: what its few known words tell, else something that a person must read."""
    if judged.urgency >= Urgency.RECORD and judged.found:
        return judged
    return Judgement((Category.QUESTION,), Urgency.RECORD, False, ())
