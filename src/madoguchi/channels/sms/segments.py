"""How many parts an SMS has and what it costs. Pure. 3GPP TS 23.038 and 23.040.

A part holds 160 characters of the GSM alphabet or 70 UTF-16 units; of a longer message 153 and 67,
for each part says which one it is. One letter outside the GSM alphabet makes all of it UTF-16.
"""

from dataclasses import dataclass
from math import ceil

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€\f")
ONE_GSM, MANY_GSM = 160, 153
ONE_UCS2, MANY_UCS2 = 70, 67


@dataclass(frozen=True, slots=True)
class Size:
    """``units`` are counted as the network counts them: an emoji is two."""

    units: int
    parts: int
    wide: bool

    def yen(self, yen_a_part: float) -> int:
        """What it costs, rounded up to whole yen."""
        return ceil(self.parts * yen_a_part)


def measure(text: str) -> Size:
    """The size of a message."""
    wide = any(c not in GSM and c not in GSM_TWICE for c in text)
    if wide:
        return Size(_utf16(text), _parts(_widths(text), ONE_UCS2, MANY_UCS2), True)
    widths = [2 if c in GSM_TWICE else 1 for c in text]
    return Size(sum(widths), _parts(widths, ONE_GSM, MANY_GSM), False)


def cut(text: str, parts: int, tail: str = "…") -> str:
    """The text in at most ``parts`` parts; what is left out is shown by ``tail``."""
    if measure(text).parts <= parts:
        return text
    kept = text
    while kept and measure(kept + tail).parts > parts:
        over = max(1, measure(kept + tail).units - parts * MANY_UCS2)
        kept = kept[: -max(1, over // 2)]
    return kept + tail


def _utf16(text: str) -> int:
    return sum(_widths(text))


def _widths(text: str) -> list[int]:
    return [2 if c > "\uffff" else 1 for c in text]


def _parts(widths: list[int], one: int, many: int) -> int:
    """A character is never torn between two parts."""
    if sum(widths) <= one:
        return 1
    parts, room = 1, many
    for width in widths:
        if width > room:
            parts, room = parts + 1, many
        room -= width
    return parts
