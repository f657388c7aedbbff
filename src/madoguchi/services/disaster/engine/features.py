"""What the learned part of the reading sees of a message: names in families.

Characters and words are families of their own; what the rules found is one more, so that the
weights say how far each rule is to be trusted.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise

from madoguchi.services.disaster.data import Source
from madoguchi.services.disaster.engine import context, cues, doubt, tokens
from madoguchi.services.disaster.engine.judge import Judgement
from madoguchi.services.disaster.engine.where import Where

LONGEST = 600
LENGTH_STEP = 15
GRAMS = (1, 2, 3, 4)

Features = dict[str, list[str]]

FAMILIES = {
    "char1": 0.5,
    "char2": 1.0,
    "char3": 1.0,
    "char4": 1.0,
    "word": 1.0,
    "words": 1.0,
    "content": 1.0,
    "rule": 0.1,
}
"""How much each family weighs in the model."""

UNSCALED = frozenset({"rule"})
READABLE = ("content", "word")
"""Families whose names staff can read."""

_FLAGS: dict[str, Callable[[str], object]] = {
    "past": context.is_past,
    "settled": context.is_settled,
    "drill": context.is_drill,
    "metaphor": context.METAPHOR.search,
    "thanks": context.THANKS.search,
    "ordinary": context.ORDINARY.search,
    "second hand": context.SECOND_HAND.search,
    "question": cues.QUESTION.search,
    "corrects": doubt.CORRECTS.search,
    "copied": doubt.COPIED.search,
    "asks if true": doubt.ASKS_IF_TRUE.search,
    "topic of rumours": doubt.TOPICS.search,
    "hearsay": doubt.HEARSAY.search,
    "told as news": doubt.TOLD_AS_NEWS.search,
}


@lru_cache(maxsize=512)
def of_text(plain: str) -> Features:
    """Character n-grams and words of a text (``text.plain``), by family; not to be changed."""
    plain = plain[:LONGEST]
    words = tokens.lemmas(plain)
    content = [word for word in words if not word.endswith(tokens.GRAMMAR)]
    return {
        **{
            f"char{size}": _once([plain[i : i + size] for i in range(len(plain) - size + 1)])
            for size in GRAMS
        },
        "word": _once(words),
        "words": _once([f"{a} {b}" for a, b in pairwise(words)]),
        "content": _once([f"{a} {b}" for a, b in pairwise(content)]),
    }


def of_rules(
    plain: str, source: Source, judged: Judgement, chosen: Where, *, doubtful: bool
) -> list[str]:
    """What the rules found in a text, one name each."""
    found = [f"cue {cue.name}" for cue in judged.found]
    found += [name for name, holds in _FLAGS.items() if holds(plain)]
    found += [f"category {category.value}" for category in judged.categories]
    found.append(f"urgency {judged.urgency.value}")
    found.append(f"source {source.value}")
    found.append(f"place {chosen.kind.value}")
    found.append(f"length {min(6, len(plain[:LONGEST]) // LENGTH_STEP)}")
    if doubtful:
        found.append("doubtful")
    if chosen.elsewhere:
        found.append("elsewhere")
    if not chosen.exists:
        found.append("no such block")
    return found


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
