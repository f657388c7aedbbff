"""Names of places outside the gazetteer that are known by name alone: other prefectures."""

import re

from madoguchi.kernel.places.engine.words import CITIES, CITIES_IN_FULL, PREFECTURES

NAMES = frozenset([f"{name}県" for name in PREFECTURES] + ["北海道", "京都府", "大阪府", "東京都"])
_TOWN = "(?:[一-龥々ヶケの]{1,6}?[市区町村])?"
_WARD = "(?:[一-龥]{1,4}?区)?"
_NUMBER = "[0-9０-９一二三四五六七八九十]+"
_ADDRESS = rf"(?:[一-龥々ヶケがの]{{1,8}}{_NUMBER}(?:丁目|[-－]{_NUMBER})[0-9０-９－\-番地号]*)?"
_NAMES = (
    rf"(?:{'|'.join(PREFECTURES)})県{_TOWN}{_WARD}",
    "北海道(?!物産)|大阪府|京都府",
    rf"(?:{'|'.join(CITIES_IN_FULL + CITIES)})市{_WARD}",
    *CITIES,
)
_PATTERN = re.compile(f"(?:{'|'.join(_NAMES)}){_ADDRESS}")


def spans(source: str, own: frozenset[str]) -> list[tuple[int, int]]:
    """Where places of prefectures other than ``own`` are named, as (start, end), in order."""
    return [
        match.span()
        for match in _PATTERN.finditer(source)
        if not any(match[0].startswith(name) for name in own)
    ]
