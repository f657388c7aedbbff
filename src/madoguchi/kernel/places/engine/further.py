"""「布田1丁目と2丁目」: the second block without its name."""

import re
from collections.abc import Iterator

from madoguchi.kernel.places.data import PlaceKind
from madoguchi.kernel.places.engine.address import CHOME, Reading
from madoguchi.kernel.places.engine.fold import Folded, key
from madoguchi.kernel.places.engine.found import FAIR, Found, nothing
from madoguchi.kernel.places.engine.gazetteer import Gazetteer
from madoguchi.kernel.places.engine.locating import place_of
from madoguchi.kernel.places.engine.numbers import number_at

_JOINT = re.compile(r"[ト、・ヤ,~〜-]|カラ|及ビ|オヨビ")
_NAME = re.compile(r"[0-9〇一二三四五六七八九十]+丁目$")


def further_chomes(gazetteer: Gazetteer, folded: Folded, first: Found) -> Iterator[Found]:
    """The blocks that follow ``first``, named by their 丁目 alone."""
    town = gazetteer.towns[first.place.town_code]
    oaza = town.oaza.values.get(key(_NAME.sub("", first.place.label.removeprefix(town.name))))
    if oaza is None:
        return
    text = folded.text
    starts = range(len(text)) if folded.origin is None else folded.origin
    i = next((n for n, at in enumerate(starts) if at >= first.end), len(text))
    while joint := _JOINT.match(text, i):
        number = number_at(text, joint.end())
        chome = CHOME.match(text, number[1]) if number else None
        if number is None or chome is None:
            return
        block = oaza.chomes.get(number[0])
        start, end = folded.start(joint.end()), folded.end(chome.end())
        if block is None:
            place = nothing(f"{town.name}{oaza.name}{number[0]}丁目", town.code)
        else:
            place = place_of(Reading(town, chome.end(), oaza, block))
        yield Found(
            start,
            end,
            PlaceKind.CHOME,
            place,
            FAIR,
            first.elsewhere,
            block is not None,
            "前の町名に続く丁目とみました",
        )
        i = chome.end()
