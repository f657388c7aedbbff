"""Reading one address: prefecture, municipality, town block, 番地 and house number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from madoguchi.kernel.places.engine import spellings
from madoguchi.kernel.places.engine.gazetteer import Block, Gazetteer, Oaza, Town
from madoguchi.kernel.places.engine.numbers import NUMERALS, is_kanji, number_at
from madoguchi.kernel.places.engine.typos import nearest_name

CHOME = re.compile(r"丁目|町目|丁(?!町)|チヨウメ|-?chome|-?ch[oō]me")
_SECTION = re.compile(r"大?字")
_AFTER_NAME = re.compile(r"[- ノ]?")
_AFTER_TOWN = re.compile(r"[-、,・]?")
_LOT = re.compile(r"番地|番|バンチ")
_HOUSE_END = re.compile(r"号(?![室棟館](?![一-龥]))")
_JOINT = re.compile(r"[-ノ、,]")
_COUNTS = re.compile(r"丁目|号?[室棟]|[階fF]|街区|年|月|日|時|分|人|名|件|台|cm|m|km|円|%|歳|才")
_NEXT_NUMBER = re.compile(r"[-ノ]?(?=[0-9〇一二三四五六七八九十百千])")
_LONGER = re.compile(
    r"[一-龥々ケノ]{1,5}[0-9]+(?:丁目|-)|[一-龥々ケノ]{1,5}?[一二三四五六七八九十]+丁目"
)
_ROOM = 100
_MAX_PARTS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from ``start`` to ``end`` of a folded text.

    ``oaza`` is None when only the municipality was read; ``block`` is None when the oaza has no
    such block (``exists`` False) or the block was not said.
    """

    town: Town
    end: int
    oaza: Oaza | None = None
    block: Block | None = None
    number: str = ""
    exists: bool = True
    named_town: bool = False
    spelled: bool = True
    name_start: int = 0
    name_end: int = 0

    @property
    def quality(self) -> tuple[bool, bool, bool, bool, int]:
        """Orders readings of the same text: an existing block before a name alone."""
        return (
            self.exists and self.oaza is not None,
            self.spelled,
            self.block is not None,
            self.named_town,
            self.end,
        )


def read(gazetteer: Gazetteer, text: str, i: int, home: Town | None) -> Reading | None:
    """The best reading of an address that starts at ``i`` of a folded text.

    ``home`` is the town in which an address without its municipality is looked for first;
    elsewhere such an address counts only when one town alone has it.
    """
    best: Reading | None = None
    for town, end in gazetteer.town_names.at(text, i):
        found = in_town(town, text, end)
        if found is None:
            number, after = lot(text, end)
            found = Reading(town, after, number=number)
        found = replace(found, named_town=True)
        if best is None or found.quality > best.quality:
            best = found
        if found.block is not None:
            break
    if best is not None and best.oaza is not None and best.exists:
        return best
    named_end = best.end if best is not None else i
    for found in _without_town(gazetteer, text, i, home):
        # A municipality's name (日の出町) is not the block of that name in another municipality.
        if found.end <= named_end and found.town is not home:
            continue
        if best is None or found.quality > best.quality:
            best = found
    return best


def _without_town(gazetteer: Gazetteer, text: str, i: int, home: Town | None) -> Iterator[Reading]:
    if home is not None:
        found = in_town(home, text, i)
        if found is not None and _ends_a_name(text, found):
            yield found
            if found.exists and found.spelled:
                return
    for town, end in gazetteer.short_towns.at(text, i):
        found = exact_in_town(town, text, end)
        if found is not None and found.block is not None and found.end > found.name_end:
            yield found
    found = elsewhere(gazetteer, text, i, home)
    if found is not None:
        yield found


def _head_only(found: Reading, text: str) -> bool:
    """A longer name with a number begins with this one: 芝 of 芝原3丁目."""
    if found.end > found.name_end or found.oaza is None:
        return False
    longer = _LONGER.match(text, found.end)
    return longer is not None and (bool(found.oaza.chomes) or longer[0].endswith("丁目"))


def _ends_a_name(text: str, reading: Reading) -> bool:
    """The name is not the head of a longer one (原 of 原町2丁目)."""
    end = reading.name_end
    return end < reading.end or end == len(text) or not is_kanji(text[end])


def in_town(town: Town, text: str, i: int) -> Reading | None:
    """An address inside ``town`` that starts with the name of its 大字 or 町."""
    gap = _AFTER_TOWN.match(text, i)
    start = gap.end() if gap else i
    found = _in_town(town, text, start)
    return None if found is None else replace(found, name_start=start)


def _in_town(town: Town, text: str, i: int) -> Reading | None:
    name = _after_section(text, i)
    best = _spelled(town, text, name)
    if best is None and name > i:
        best = _spelled(town, text, i)
    if best is not None and best.exists:
        return _of_the_oaza(best, text) if text.startswith("大字", i) else best
    loose = _loose(town, text, name)
    if loose is not None and (best is None or loose.exists):
        return loose
    return best or _misspelt(town, text, name)


def _after_section(text: str, i: int) -> int:
    """The place after 大字 or 字."""
    section = _SECTION.match(text, i)
    return section.end() if section else i


def _of_the_oaza(found: Reading, text: str) -> Reading:
    """大字三ツ木1 is number 1 of the 大字, not 三ツ木一丁目, where both exist."""
    oaza = found.oaza
    if oaza is None or oaza.whole is None or not oaza.whole.area.startswith("大字"):
        return found
    if CHOME.search(text, found.name_end, found.end):
        return found
    start = Reading(found.town, found.name_end, oaza, name_end=found.name_end)
    return _without_chome(start, oaza, text, found.name_end)


def _misspelt(town: Town, text: str, i: int) -> Reading | None:
    typo = nearest_name(town.oaza.values, text, i)
    if typo is None:
        return None
    name, end = typo
    found = after_name(town, town.oaza.values[name], text, end)
    return replace(found, spelled=False) if found.block is not None else None


def exact_in_town(town: Town, text: str, i: int) -> Reading | None:
    """As ``in_town``, without forgiving anything: for the open sea of a free text."""
    found = _spelled(town, text, _after_section(text, i))
    return None if found is None else replace(found, name_start=i)


def elsewhere(gazetteer: Gazetteer, text: str, i: int, home: Town | None) -> Reading | None:
    """An address at ``i`` without its town, when one town other than ``home`` alone has it."""
    for several, end in gazetteer.oaza.at(text, i):
        readings = [
            after_name(gazetteer.towns[oaza.town], oaza, text, end)
            for oaza in several
            if home is None or oaza.town != home.code
        ]
        sure = [r for r in readings if r.block is not None and _ends_a_name(text, r)]
        said = [r for r in sure if CHOME.search(text, r.name_end, r.end)] or sure
        if len(said) == 1:
            return replace(said[0], name_start=i)
    return None


def _spelled(town: Town, text: str, i: int) -> Reading | None:
    first: Reading | None = None
    for oaza, end in town.oaza.at(text, i):
        found = after_name(town, oaza, text, end)
        if _head_only(found, text):
            continue
        if found.exists:
            return found
        first = first or found
    return first


def _loose(town: Town, text: str, i: int) -> Reading | None:
    """The name with or without ケ, ノ, ツ between ideographs."""
    part = text[i : i + 16]
    bare = spellings.skeleton(part)
    for oaza, end in town.loose.at(bare, 0):
        stop = next(
            (n for n in range(end, len(part) + 1) if spellings.skeleton(part[:n]) == bare[:end]),
            None,
        )
        if stop is None:
            continue
        found = after_name(town, oaza, text, i + stop)
        if found.exists and not _head_only(found, text):
            return found
    return None


def after_name(town: Town, oaza: Oaza, text: str, i: int) -> Reading:
    """What follows the name of ``oaza``: 丁目, 小字, 番地."""
    found = Reading(town, i, oaza, name_end=i)
    if oaza.koaza:
        section = _SECTION.match(text, i)
        named = _koaza(oaza, text, section.end() if section else i)
        if named is not None:
            block, end = named
            number, end = lot(text, end)
            return replace(found, block=block, number=number, end=end)
    first = number_at(text, _after_blank(text, i))
    if first is None:
        return found if oaza.chomes else replace(found, block=oaza.whole)
    value, end = first
    chome = CHOME.match(text, end)
    if chome:
        return _in_chome(found, oaza.chomes.get(value), text, chome.end())
    if value in oaza.chomes and not _LOT.match(text, end) and not _COUNTS.match(text, end):
        return _in_unsaid_chome(found, oaza.chomes[value], text, end)
    return _without_chome(found, oaza, text, i)


def _in_chome(found: Reading, block: Block | None, text: str, i: int) -> Reading:
    """After 「5丁目」."""
    if block is None:
        return replace(found, end=i, exists=False)
    number, end = lot(text, _after_blank(text, i))
    return replace(found, block=block, number=number, end=end if number else i)


def _in_unsaid_chome(found: Reading, block: Block, text: str, i: int) -> Reading:
    """After the 5 of 布田5-1-2."""
    number, end = "", i
    if _JOINT.match(text, i) or text[i : i + 1] == " ":
        number, end = lot(text, i + 1)
    return replace(found, block=block, number=number, end=end if number else i)


def _without_chome(found: Reading, oaza: Oaza, text: str, i: int) -> Reading:
    """番地 directly after the name; of a 町 with 丁目 the block then stays unknown."""
    number, end = lot(text, _after_blank(text, i))
    found = replace(found, number=number, end=end if number else i)
    return replace(found, block=oaza.whole) if oaza.numbered else found


def _koaza(oaza: Oaza, text: str, i: int) -> tuple[Block, int] | None:
    for end in range(min(len(text), i + 8), i, -1):
        block = oaza.koaza.get(text[i:end])
        if block is not None:
            return block, end
    return None


def _after_blank(text: str, i: int) -> int:
    match = _AFTER_NAME.match(text, i)
    end = match.end() if match else i
    return end if end < len(text) and (text[end].isdigit() or text[end] in NUMERALS) else i


def lot(text: str, i: int) -> tuple[str, int]:
    """番地 and house number at ``i`` as ("18-1", end), ("", i) when there is none.

    Reads 18番地1, 18番1号, 18-1, 十八の一. A third number of three digits is a room, not a lot.
    """
    parts: list[str] = []
    end = i
    while len(parts) < _MAX_PARTS:
        found = number_at(text, i)
        if found is None:
            break
        value, after = found
        if _COUNTS.match(text, after) or (len(parts) == 2 and value >= _ROOM):
            break
        parts.append(str(value))
        end = after
        house = _HOUSE_END.match(text, after)
        if house:
            end = house.end()
            break
        unit = _LOT.match(text, after)
        if unit:
            end = unit.end()
            following = _NEXT_NUMBER.match(text, end)
            if not following:
                break
            i = following.end()
            continue
        if text[after : after + 1] in ("-", "ノ") and number_at(text, after + 1):
            i = after + 1
            continue
        break
    return "-".join(parts), end
