"""Other spellings of a folded name, beyond what folding already makes equal."""

import re

from madoguchi.kernel.places.engine.fold import key
from madoguchi.kernel.places.engine.numbers import NUMERALS, from_kanji, is_kanji

_NUMERAL_RUN = re.compile(f"[{''.join(NUMERALS - set('千百〇零'))}]+")
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_PART_AFTER = re.compile(r"[東西南北上中下元本新]町?$")
_PART_BEFORE = re.compile(r"^[東西南北上中下元本新]")
_SHORTEST_STEM = 3
_DROPPED = "ケノツ"


def of_town(name: str, county: str, kana: str) -> list[str]:
    """Folded spellings of a municipality: with and without its county, and its reading."""
    found = [key(name)]
    if county:
        found.append(key(county + name))
    if kana and len(kana) > 3:
        found.append(key(kana))
    return [spelling for one in found for spelling in (one, *strict(one))]


def strict(name: str) -> list[str]:
    """Spellings that mean the same name for sure: 三番町 = 3番町, 二十騎町 = 20騎町."""
    as_number = _NUMERAL_RUN.sub(_arabic, name)
    by_digit = name.translate(_DIGITS)
    return [other for other in dict.fromkeys((as_number, by_digit)) if other != name]


def _arabic(match: re.Match[str]) -> str:
    value = from_kanji(match[0])
    return match[0] if value is None else str(value)


def short(name: str) -> list[str]:
    """Spellings that leave something out: 西小松川 for 西小松川町.

    Not for a name with a numeral (the numbers after it would be read wrongly) and not for one
    of two characters.
    """
    if name.endswith("町") and len(name) > 2 and not NUMERALS & set(name):
        return [name[:-1]]
    return []


def skeleton(name: str) -> str:
    """The name without ケ, ノ and ツ between ideographs: 阿佐ケ谷北 -> 阿佐谷北."""
    return "".join(
        char
        for i, char in enumerate(name)
        if not (
            char in _DROPPED
            and 0 < i < len(name) - 1
            and is_kanji(name[i - 1])
            and is_kanji(name[i + 1])
        )
    )


def stems(name: str) -> list[str]:
    """What is left without the part of a place in its name: 深大寺 of 深大寺北町."""
    found = []
    tail = _PART_AFTER.search(name)
    if tail:
        found.append(name[: tail.start()])
    head = _PART_BEFORE.match(name)
    if head:
        found.append(name[head.end() :])
    return [stem for stem in found if len(stem) >= _SHORTEST_STEM]
