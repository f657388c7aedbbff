"""The best reading of a name that starts at one place of a free text."""

import re
from collections.abc import Iterator

from madoguchi.kernel.places.data import Accuracy, Place, PlaceKind
from madoguchi.kernel.places.engine import context
from madoguchi.kernel.places.engine.address import (
    CHOME,
    Reading,
    elsewhere,
    exact_in_town,
    in_town,
)
from madoguchi.kernel.places.engine.fold import Folded, key
from madoguchi.kernel.places.engine.found import FAIR, LIKELY, SURE, Found, nothing
from madoguchi.kernel.places.engine.gazetteer import Facility, Gazetteer, Town, one_place
from madoguchi.kernel.places.engine.locating import place_of
from madoguchi.kernel.places.engine.numbers import is_kanji, number_at
from madoguchi.kernel.places.engine.words import AMBIGUOUS_TOWNS, COMMON

_SHORTEST = 2
_LONG_NAME = 3
_NUMBER_SAID = re.compile(r"丁|町目|番|-|ノ|チヨウメ|chome")
_COUNTERS = "人名件台本棟戸軒階回度分時日月年歳才倍個枚匹頭羽口番号世家団班組割万千百円区"
# After a bare number that belongs to an address (国領2、国領2停電中); anything else counts
# something (国領2件).
_AFTER_NUMBER = re.compile(
    r"$|[\s、。，．,.！!？?・（()）)」』/]|[のでにをがはもとへや]|付近|周辺|近く|あたり|辺り|です|だ|から|まで"
    rf"|(?![{_COUNTERS}])[一-龥]{{2}}"
)


def candidate(gazetteer: Gazetteer, folded: Folded, i: int, home: Town, last: int) -> Found | None:
    """The longest place name at ``i`` that its surroundings allow; ``last`` ends the one before."""
    found = [
        f for f in _all(gazetteer, folded, i, home) if f is not None and _allowed(f, folded, last)
    ]
    return max(found, key=lambda f: (f.end, f.kind is not PlaceKind.AREA), default=None)


def _all(gazetteer: Gazetteer, folded: Folded, i: int, home: Town) -> Iterator[Found | None]:
    text = folded.text
    at = next((i + len(p) for p in gazetteer.prefectures if text.startswith(p, i)), i)
    for town, end in gazetteer.town_names.at(text, at):
        yield _under_town(folded, i, town, end, home)
    if at > i:
        reading = exact_in_town(home, text, at)
        yield _address(folded, i, reading, home) if reading else None
        return
    for oaza, end in home.stems.at(text, i):
        place = place_of(Reading(home, end, oaza))
        yield Found(folded.start(i), folded.end(end), PlaceKind.AREA, place, FAIR)
    for town, end in gazetteer.short_towns.at(text, i):
        yield _short_town(folded, i, town, end, home)
    reading = exact_in_town(home, text, i)
    if reading is not None:
        yield _address(folded, i, reading, home)
    if reading is None or reading.block is None:
        other = elsewhere(gazetteer, text, i, home)
        yield _address(folded, i, other, home) if other else None
    yield _facility(gazetteer, folded, i, home)


def _under_town(folded: Folded, i: int, town: Town, end: int, home: Town) -> Found | None:
    text, away = folded.text, town.code != home.code
    reading = in_town(town, text, end)
    if reading is not None:
        found = _address(folded, i, reading, home, named=True)
        if found.end > folded.end(end):
            return found
    for facility, after in town.facilities.at(text, end):
        return _facility_found(folded, i, after, facility, home)
    number = number_at(text, end)
    chome = CHOME.match(text, number[1]) if number else None
    if chome:
        return _no_such_block(folded, i, chome.end(), town, away)
    return _whole_town(folded, i, end, town, away)


def _short_town(folded: Folded, i: int, town: Town, end: int, home: Town) -> Found | None:
    """調布 for 調布市: before one of its addresses, or alone where it can be nothing else."""
    reading = exact_in_town(town, folded.text, end)
    if reading is not None and reading.block is not None and reading.block.chome:
        return _address(folded, i, reading, home, named=True)
    away = town.code != home.code
    if away and town.name[:-1] in AMBIGUOUS_TOWNS:
        return None
    return _whole_town(folded, i, end, town, away)


def _whole_town(folded: Folded, i: int, end: int, town: Town, away: bool) -> Found:
    place = nothing(town.name, town.code)
    reason = "市区町村全体を指しています"
    return Found(folded.start(i), folded.end(end), PlaceKind.AREA, place, FAIR, away, True, reason)


def _no_such_block(folded: Folded, i: int, end: int, town: Town, away: bool) -> Found:
    start, stop = folded.start(i), folded.end(end)
    place = nothing(folded.source[start:stop], town.code)
    reason = f"{town.name}にこの丁目はありません"
    return Found(start, stop, PlaceKind.CHOME, place, LIKELY, away, False, reason)


def _address(folded: Folded, i: int, reading: Reading, home: Town, named: bool = False) -> Found:
    town, away = reading.town, reading.town.code != home.code
    start = folded.start(i)
    if not reading.exists:
        return _no_such_block(folded, i, reading.end, town, away)
    if reading.oaza is None or not _number_meant(folded, reading):
        end = folded.end(reading.name_end)
        bare = Reading(town, reading.name_end, reading.oaza)
        whole = reading.oaza.whole if reading.oaza and not reading.oaza.chomes else None
        place = place_of(Reading(town, bare.end, reading.oaza, whole))
        return Found(start, end, PlaceKind.AREA, place, LIKELY if named else FAIR, away)
    end = folded.end(reading.end)
    if reading.number:
        kind = PlaceKind.ADDRESS
    elif reading.block is not None and reading.block.chome:
        kind = PlaceKind.CHOME
    else:
        kind = PlaceKind.AREA
    score = SURE if named or not away else LIKELY
    if kind is PlaceKind.AREA:
        score = LIKELY if named else FAIR
    reason = "" if reading.spelled else "書き間違いを直して読みました"
    return Found(start, end, kind, place_of(reading), score, away, True, reason)


def _number_meant(folded: Folded, reading: Reading) -> bool:
    """The number after a name belongs to the address."""
    said = folded.text[reading.name_end : reading.end]
    if CHOME.match(folded.text, reading.end) and not CHOME.search(said):
        return False
    if not said or _NUMBER_SAID.search(said):
        return True
    return bool(_AFTER_NUMBER.match(folded.source, folded.end(reading.end)))


def _facility(gazetteer: Gazetteer, folded: Folded, i: int, home: Town) -> Found | None:
    for facility, end in home.facilities.at(folded.text, i):
        return _facility_found(folded, i, end, facility, home)
    for several, end in gazetteer.facilities.at(folded.text, i):
        one = one_place(several)
        if one.kind == "station":
            known = end - i >= _LONG_NAME
        else:
            town = gazetteer.towns[one.town]
            known = len(several) == 1 and _says_where(folded.text[i:end], town)
        if known:
            return _facility_found(folded, i, end, one, home)
    return None


def _says_where(name: str, town: Town) -> bool:
    """The name holds a name of its own town, so that no other place is meant: 大丸公園."""
    return key(town.name[:-1]) in name or any(
        len(oaza) >= _SHORTEST and oaza in name and oaza not in COMMON for oaza in town.oaza.values
    )


def _facility_found(
    folded: Folded, i: int, end: int, facility: Facility, home: Town
) -> Found | None:
    start, stop = folded.start(i), folded.end(end)
    away = facility.town != home.code
    if facility.kind == "river":
        place = nothing(facility.name, facility.town)
        reason = "川の地点は決められません"
        return Found(start, stop, PlaceKind.RIVER, place, LIKELY, away, True, reason)
    kind = PlaceKind.STATION if facility.kind == "station" else PlaceKind.FACILITY
    if facility.point is None:
        place = nothing(facility.name, facility.town)
        return Found(start, stop, kind, place, FAIR, away, True, "同じ名前の場所がほかにもあります")
    place = Place(
        facility.point, Accuracy.FACILITY, facility.radius_m, facility.name, facility.town
    )
    return Found(start, stop, kind, place, LIKELY, away)


def _allowed(found: Found, folded: Folded, last: int) -> bool:
    """The surroundings let the name be a place."""
    source = folded.source
    left = context.free_on_the_left(source, found.start, last)
    if found.kind in (PlaceKind.CHOME, PlaceKind.ADDRESS):
        return left
    size = found.end - found.start
    if size < _SHORTEST or context.person_follows(source, found.end):
        return False
    if found.kind is PlaceKind.RIVER:
        return left and not context.says_own_name(source, found.start, found.end)
    name = source[found.start : found.end]
    if found.kind is PlaceKind.AREA and not (name[-1] in "市区町村" and size >= _LONG_NAME):
        return left and _district_allowed(found, source)
    return size > _LONG_NAME or (left and _may_end(source, found.end))


def _may_end(source: str, end: int) -> bool:
    return (
        context.free_on_the_right(source, end)
        or context.intersection(source, end) is not None
        or context.longer_facility(source, end) is not None
    )


def _district_allowed(found: Found, source: str) -> bool:
    """A bare name of a 大字 or town stands where only a place can stand."""
    size = found.end - found.start
    whole_town = found.place.point is None
    if found.elsewhere and size < _LONG_NAME and not whole_town:
        return False
    if size <= _LONG_NAME and not any(is_kanji(c) for c in source[found.start : found.end]):
        return False
    if size == _SHORTEST and context.says_own_name(source, found.start, found.end):
        return False
    crossing = context.intersection(source, found.end) is not None
    said = crossing or context.says_where(source, found.start, found.end)
    return said and _may_end(source, found.end)
