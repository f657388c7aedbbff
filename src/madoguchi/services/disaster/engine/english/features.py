"""What the learned parts see of an English message: words, neighbours, parts of words."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from madoguchi.services.disaster.engine.english import tokens
from madoguchi.services.disaster.engine.features import Features

LONGEST = 600
GRAMS = (3, 4, 5)
FAMILIES = {"word": 1.0, "pair": 0.4, "char": 1.0, "rule": 0.5}
"""How much each family weighs in a model (squares of lengths)."""
UNSCALED = frozenset({"rule"})


@lru_cache(maxsize=512)
def of_text(text: str) -> Features:
    """Features of a text by family; not to be changed.

    Parts of words begin and end with a space at the edges of a word, so that "flood" in "floods" is
    another thing than a word that begins with "flood". ``content`` is what the Japanese reading
    quotes from; here words are enough.
    """
    words = tokens.words(text[:LONGEST])
    parts = [
        padded[i : i + size]
        for word in words
        for padded in [f" {word} "]
        for size in GRAMS
        for i in range(max(1, len(padded) - size + 1))
    ]
    return {
        "word": _once(words),
        "pair": _once([f"{a} {b}" for a, b in pairwise(words)]),
        "char": _once(parts),
        "content": [],
    }


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
