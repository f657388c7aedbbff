"""What the model makes of a message: its scores become categories, an urgency and doubt."""

from dataclasses import dataclass, replace

from madoguchi.services.disaster.data import Category, Urgency
from madoguchi.services.disaster.engine import cues
from madoguchi.services.disaster.engine.features import Features
from madoguchi.services.disaster.engine.judge import Judgement
from madoguchi.services.disaster.engine.linear import Linear

SOMETHING, TODAY, LIFE, DOUBTFUL = "urgency 1", "urgency 2", "urgency 3", "doubtful"
LABELS = (*(category.value for category in Category), SOMETHING, TODAY, LIFE, DOUBTFUL)

LIFE_RECALL = 0.96
"""Share of the calls of danger to life in unseen training days that the threshold lets through."""

FALSE_DOUBT = 0.008
"""Share of the true messages of unseen training days that are held to be doubtful."""

HARDLY = 0.06
"""A margin this small is no certainty: 1 in 13 of such dangers that rules call "today" is one."""

_LEVELS = ((LIFE, Urgency.LIFE), (TODAY, Urgency.TODAY))
_NOTHING = (Category.IRRELEVANT,)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model says of a message.

    ``life`` and ``chatter``: how far danger to life and irrelevance are above their thresholds.
    """

    categories: tuple[Category, ...]
    urgency: Urgency
    doubtful: bool
    life: float = 0.0
    chatter: float = 0.0


def decide(model: Linear, features: Features) -> Verdict:
    """The verdict on a message by its features."""
    scores = model.scores(features).tolist()
    return verdict(dict(zip(model.labels, scores, strict=True)), model.thresholds)


def verdict(scores: dict[str, float], thresholds: dict[str, float]) -> Verdict:
    """The labels whose scores reach their thresholds, made to agree with each other.

    Danger to life is never talked away: a message that reaches that threshold is about something.
    """
    over = {label: scores[label] - thresholds[label] for label in LABELS}
    doubtful = over[DOUBTFUL] >= 0
    categories = _categories(over)
    margins = over[LIFE], over[Category.IRRELEVANT.value]
    if categories == _NOTHING:
        return Verdict(categories, Urgency.NOTHING, doubtful, *margins)
    urgency = next((level for label, level in _LEVELS if over[label] >= 0), Urgency.RECORD)
    if urgency is Urgency.TODAY and doubtful:
        urgency = Urgency.RECORD
    if urgency is Urgency.RECORD and categories == (Category.QUESTION,) and over[SOMETHING] < 0:
        urgency = Urgency.NOTHING
    return Verdict(categories, urgency, doubtful, *margins)


def heard(said: Verdict, judged: Judgement) -> Verdict:
    """The verdict, set right where the rules know better.

    A cry for help in so many words is one; other words of danger are at least seen by staff. The
    model is right about most of the latter, but a wrong silence cannot be taken back. Where the
    model is hardly sure of danger, or of chatter, rules that say "today" decide.
    """
    if judged.urgency is Urgency.LIFE and said.urgency is not Urgency.LIFE:
        if cues.CRY in judged.found:
            others = (c for c in said.categories if c not in (Category.RESCUE, Category.IRRELEVANT))
            return replace(said, categories=(Category.RESCUE, *others), urgency=Urgency.LIFE)
        if said.urgency is Urgency.NOTHING:
            return replace(said, categories=judged.categories, urgency=Urgency.RECORD)
    if judged.urgency is Urgency.TODAY:
        if said.urgency is Urgency.LIFE and said.life < HARDLY:
            return replace(said, urgency=Urgency.RECORD if said.doubtful else Urgency.TODAY)
        if said.urgency is Urgency.NOTHING and said.chatter < HARDLY and not said.doubtful:
            return replace(said, categories=judged.categories, urgency=Urgency.TODAY)
    return said


def _categories(over: dict[str, float]) -> tuple[Category, ...]:
    """The main one first, a question last; irrelevant stands alone."""
    subjects = sorted(
        (c for c in Category if c is not Category.IRRELEVANT),
        key=lambda c: (-over[c.value], c.value),
    )
    best = over[subjects[0].value]
    chatter = over[Category.IRRELEVANT.value]
    if over[LIFE] < 0 and chatter > best and (chatter >= 0 or best < 0):
        return _NOTHING
    told = [c for c in subjects if over[c.value] >= 0] or subjects[:1]
    return tuple(sorted(told, key=lambda c: c is Category.QUESTION))
