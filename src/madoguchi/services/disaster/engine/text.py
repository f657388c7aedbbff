"""Text as the rules see it, and how alike two texts are."""

import re
import unicodedata
from functools import lru_cache

_POLITE_NONE = re.compile("(?:あり|ござい)ません(?:でした)?")
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") - 1)}


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Width folded, lower case, without spaces, one form of "there is none": for the patterns."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _POLITE_NONE.sub("ない", "".join(folded.split()))


@lru_cache(maxsize=4096)
def grams(text: str, size: int = 2) -> frozenset[str]:
    """Character n-grams of the plain text, katakana as hiragana, without marks."""
    letters = "".join(c for c in plain(text).translate(_KATAKANA_TO_HIRAGANA) if c.isalnum())
    return frozenset(letters[i : i + size] for i in range(len(letters) - size + 1))


def likeness(one: str, other: str, size: int = 2) -> float:
    """Shared n-grams over the smaller text's n-grams (overlap coefficient), 0 to 1."""
    a, b = grams(one, size), grams(other, size)
    if not a or not b:
        return 0.0
    return len(a & b) / min(len(a), len(b))
