"""Which language a message is written in, as far as the reading must know."""

import unicodedata
from enum import StrEnum
from functools import lru_cache

from madoguchi.services.disaster.engine.english import cues, tokens

MOSTLY = 0.7
"""Share of Latin letters from which a text is no Japanese; names of places may stay in kanji."""
KNOWN = 0.25
"""Share of common English words from which a text is English."""

SHORT_KNOWN = 0.7
FEW = 3
"""Words from which an unknown language is told from an acronym or a laugh (www)."""

_COMMON = """
a about across after afternoon again against ago all alone always am an and any anybody anyone
are around at away back be because been before behind between big blood both but by bye came can
come comes coming could day days did do does dont down during evening every everybody everyone
everything fire flood for friend from front gas going gone good got great had haha has have he
hello help her here hey hi him his home hour hours house how i if im in inside into is it its
just know later left let like lol long lot love man many me minute minutes more morning my near
need never new next nice night no nobody not now of off ok old on one only open our out over
people please pls power right road room safe school see she shelter since small smoke so some
somebody someone something soon station still stop street stuck test thank thanks that the their
them there they think this thought three through time to today tomorrow tonight too town trapped
two under until up used using very want was water we week well went were what when where which
who why will with without work wow yes yesterday yet you young your
"""
COMMON = frozenset(_COMMON.split())
"""Words that most English messages hold and other languages in Latin letters do not."""


class Language(StrEnum):
    """What a reader is needed for."""

    JAPANESE = "japanese"
    ENGLISH = "english"
    OTHER = "other"  # in Latin letters; also Japanese in Latin letters


@lru_cache(maxsize=512)
def of(text: str) -> Language:
    """The language of a text. A single unknown word or no letters: left to the Japanese reading."""
    letters = [c for c in unicodedata.normalize("NFKC", text) if c.isalpha()]
    latin = sum("LATIN" in unicodedata.name(c, "") for c in letters)
    if not letters or latin < MOSTLY * len(letters):
        return Language.JAPANESE
    words = [word for word in tokens.words(text) if word.isalpha()]
    if _is_english(words) or cues.CRY.search(tokens.plain(text)):
        return Language.ENGLISH
    return Language.OTHER if len(words) >= FEW else Language.JAPANESE


def _is_english(words: list[str]) -> bool:
    """Short words alone ("no", "to") are words of many languages: nearly all must be known then."""
    known = [word for word in words if word in COMMON]
    share = SHORT_KNOWN if all(len(word) < 3 for word in known) else KNOWN
    return bool(words) and len(known) >= share * len(words)
