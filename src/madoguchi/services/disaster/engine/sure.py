"""Whether the chosen place is where the event is: what else stands around the name tells.

「役場から聞いた」 is no place of an event, 「役場の前で」 is; a wide district is none either when a
building in it is meant.
"""

from madoguchi.services.disaster.engine.features import Features
from madoguchi.services.disaster.engine.learned import Verdict
from madoguchi.services.disaster.engine.where import Where

RIGHT = "right"
FAMILIES = {"fact": 0.2, "after": 1.0, "before": 0.5, "name": 0.5}
UNSCALED = frozenset({"fact"})

AROUND = 10
_RADII_M = (200, 400, 700, 1000, 1500, 3000)


def features(source: str, chosen: Where, verdict: Verdict) -> Features:
    """What is looked at; ``chosen`` must have been found in ``source``."""
    assert chosen.text is not None
    start = source.find(chosen.text)
    before = source[max(0, start - AROUND) : start]
    after = source[start + len(chosen.text) :][:AROUND]
    width = sum(chosen.place.radius_m > radius for radius in _RADII_M)
    facts = [
        f"kind {chosen.kind.value}",
        f"width {width}",
        f"kind {chosen.kind.value} width {width}",
        f"length {min(8, len(chosen.text))}",
        f"urgency {verdict.urgency.value}",
        f"told {min(4, chosen.told)}",
        f"main {verdict.categories[0].value}",
    ]
    facts += [f"told of {category.value}" for category in verdict.categories]
    if verdict.doubtful:
        facts.append("doubtful")
    if chosen.elsewhere:
        facts.append("elsewhere")
    if not chosen.sure:
        facts.append("weak")
    return {
        "fact": facts,
        "after": [f"{n} {after[:n]}" for n in range(1, 6)] + _grams(after),
        "before": [f"{n} {before[-n:]}" for n in range(1, 4)] + _grams(before),
        "name": [chosen.text, *_grams(chosen.text)],
    }


def _grams(text: str) -> list[str]:
    return list(dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)))
