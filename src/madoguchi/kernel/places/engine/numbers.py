"""Numbers as they are written in addresses: 12, １２, 十二, 一二, 壱."""

import re

_DIGITS = "〇一二三四五六七八九"
_VALUE = {c: i for i, c in enumerate(_DIGITS)} | {"零": 0, "壱": 1, "弐": 2, "参": 3}
_UNIT = {"十": 10, "拾": 10, "百": 100, "千": 1000}
NUMERALS = frozenset(_VALUE) | frozenset(_UNIT)
_ARABIC = re.compile(r"[0-9]+")
_KANJI = re.compile(r"[〇零一二三四五六七八九十百千壱弐参拾]+")
_MAX_DIGITS = 6
# A kanji number this long is one whatever follows it.
_SURELY_NUMBER = 3
# What may follow a number in kanji; any other kanji makes it a part of a word (三越, 千代田).
_AFTER_KANJI = frozenset("丁番号目町")


def is_kanji(char: str) -> bool:
    """A CJK ideograph or the iteration mark."""
    return "\u4e00" <= char <= "\u9fff" or char in "々〇" or char >= "\U00020000"


def to_kanji(number: int) -> str:
    """1..999 in kanji, as town blocks are named: 12 -> 十二."""
    if not 0 < number < 1000:
        raise ValueError("1..999 expected")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    parts = [
        "" if count == 0 else ("" if count == 1 else _DIGITS[count]) + unit
        for count, unit in ((hundreds, "百"), (tens, "十"))
    ]
    return "".join(parts) + (_DIGITS[ones] if ones else "")


def from_kanji(text: str) -> int | None:
    """Value of a kanji number, by place (一二〇) or by unit (百二十); None when it is neither."""
    if all(c in _VALUE for c in text):
        return int("".join(str(_VALUE[c]) for c in text)) if text else None
    total, digit, smallest = 0, 0, 10_000
    for char in text:
        if char in _VALUE:
            if digit:
                return None
            digit = _VALUE[char]
        else:
            unit = _UNIT[char]
            if unit >= smallest:
                return None
            total, digit, smallest = total + (digit or 1) * unit, 0, unit
    return total + digit


def _word_goes_on(following: str) -> bool:
    return following != "" and is_kanji(following) and following not in _AFTER_KANJI


def number_at(text: str, i: int) -> tuple[int, int] | None:
    """The number that starts at ``i`` of a folded text, as (value, end), or None."""
    match = _ARABIC.match(text, i)
    if match:
        end = match.end()
        return (int(match[0]), end) if end - i <= _MAX_DIGITS else None
    match = _KANJI.match(text, i)
    if not match or match.end() - i > 2 * _MAX_DIGITS:
        return None
    end = match.end()
    if end - i < _SURELY_NUMBER and _word_goes_on(text[end : end + 1]):
        return None
    value = from_kanji(match[0])
    return None if value is None or value >= 10**_MAX_DIGITS else (value, end)
