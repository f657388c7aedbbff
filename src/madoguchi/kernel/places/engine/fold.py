"""One spelling for many: every text and every name is folded before they are compared.

A fold never lengthens a text, so each folded character has the place it came from; matches can
therefore be cut out of the source exactly as they were written.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from madoguchi.kernel.places.engine.numbers import NUMERALS
from madoguchi.kernel.places.engine.variants import VARIANTS

_HYPHENS = "-‐‑‒–—―−ー－ｰ─━﹣﹘˗➖"
_SPACES = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")
_VOICING = re.compile(r"[\u3099\u309a\uff9e\uff9f\u309b\u309c]")
_NUMERALS = frozenset("0123456789") | NUMERALS
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワケケ")


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` folded; ``origin[i]`` is where character ``i`` stood in the source."""

    source: str
    text: str
    origin: list[int] | None

    def start(self, i: int) -> int:
        """Source offset of folded offset ``i``."""
        if self.origin is None:
            return i
        return self.origin[i] if i < len(self.origin) else len(self.source)

    def end(self, i: int) -> int:
        """Source offset just after the folded character before ``i``."""
        if self.origin is None or i == 0:
            return i
        end = self.origin[i - 1] + 1
        while end < len(self.source) and _VOICING.match(self.source[end]):
            end += 1
        return end


def _pairs() -> dict[str, str]:
    """Variant -> representative, chains resolved."""
    found: dict[str, str] = {}
    for pair in VARIANTS.split():
        old, new = pair[0], pair[1:]
        old, new = (unicodedata.normalize("NFKC", x) for x in (old, new))
        while new in found:
            new = found[new]
        if old != new:
            found[old] = new
    return found


@cache
def _table() -> dict[int, str]:
    variants = _pairs()
    table: dict[int, str] = {}
    for code in range(0x20, 0x30000):
        if 0xAC00 <= code < 0xE000 or 0x3400 <= code < 0x4E00:
            continue
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char)
        folded = _fold_char(plain if len(plain) == 1 else char, variants)
        if char in _HYPHENS:
            folded = "-"
        if folded != char:
            table[code] = folded
    return table


def _fold_char(char: str, variants: dict[str, str]) -> str:
    if "ぁ" <= char <= "ゖ":
        char = chr(ord(char) + 0x60)
    char = char.lower() if len(char.lower()) == 1 else char
    char = char.translate(_SMALL)
    if char == "ガ":
        return "ケ"
    if char in "之乃":
        return "ノ"
    return variants.get(char, char)


def fold(source: str) -> Folded:
    """Fold width, kana, ヶ/ケ/が, の/ノ/之, old forms and hyphens.

    Blanks are dropped except between numbers.
    """
    text, origin = source, None
    if _VOICING.search(source):
        text, origin = _compose(source)
    text = text.translate(_table())
    if _SPACES.search(text):
        text, origin = _drop_spaces(text, origin)
    return Folded(source, text, origin)


def key(name: str) -> str:
    """The folded form of a gazetteer name."""
    return fold(name).text


def _compose(source: str) -> tuple[str, list[int]]:
    """Join a kana and its separate voicing mark into one character."""
    chars: list[str] = []
    origin: list[int] = []
    for i, char in enumerate(source):
        if chars and _VOICING.match(char) and i - origin[-1] == 1:
            mark = "\u3099" if char in "\u3099\uff9e\u309b" else "\u309a"
            base = unicodedata.normalize("NFKC", chars[-1])
            joined = unicodedata.normalize("NFC", base + mark)
            if len(joined) == 1:
                chars[-1] = joined
                continue
        chars.append(char)
        origin.append(i)
    return "".join(chars), origin


def _drop_spaces(text: str, origin: list[int] | None) -> tuple[str, list[int]]:
    chars: list[str] = []
    kept: list[int] = []
    last = 0
    for gap in _SPACES.finditer(text):
        start, end = gap.span()
        chars.append(text[last:start])
        kept.extend(range(last, start))
        if start and {text[start - 1], text[end : end + 1]} <= _NUMERALS:
            chars.append(" ")
            kept.append(start)
        last = end
    chars.append(text[last:])
    kept.extend(range(last, len(text)))
    if origin is not None:
        kept = [origin[i] for i in kept]
    return "".join(chars), kept
