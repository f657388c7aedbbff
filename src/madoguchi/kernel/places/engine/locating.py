"""One text that should be an address (a cell of a table, a form field) to one place."""

import re
from dataclasses import replace

from madoguchi.kernel.places.data import Accuracy, AddressMatch, Place
from madoguchi.kernel.places.engine import elsewhere
from madoguchi.kernel.places.engine.address import Reading, in_town, read
from madoguchi.kernel.places.engine.fold import Folded, fold
from madoguchi.kernel.places.engine.gazetteer import Facility, Gazetteer, Town
from madoguchi.kernel.places.engine.typos import nearest_town

_POSTAL = re.compile(
    r"^(?:住所|所在地|場所)?[:]?〒?[0-9]{3}-?[0-9]{4}(?![-0-9])[、,]?|^(?:住所|所在地|場所)[:]"
)
_PREFECTURE = re.compile(r"^(?:日本国?)?(北海道|東京都?|京都府|大阪府|.{2,3}?県)")
_ISLAND = re.compile(r"(?:[^0-9]{1,3}?(?:島|支庁|郡)){1,2}")
# Words before an address are skipped up to here, but not those of another place (大阪市中央区).
_MOST_BEFORE = 12
_OTHER_PLACE = frozenset("県府道市郡区町村")
# No address is longer; what follows is left over.
LONGEST_ADDRESS = 400
# Up to this radius a 町 without 丁目 is as exact as a 丁目.
BLOCK_RADIUS_M = 500


def locate(gazetteer: Gazetteer, text: str, home: Town | None) -> AddressMatch:
    """Read ``text`` as an address or the name of a facility; whatever is left over is ``rest``."""
    folded = fold(text[:LONGEST_ADDRESS])
    if not folded.text:
        return nowhere(text)
    start = _start(folded.text)
    inside, after = _prefecture(gazetteer, folded.text, start)
    if not inside:
        return nowhere(text)
    reading = read(gazetteer, folded.text, after, home)
    if reading is None:
        reading = _misspelt_town(gazetteer, folded.text, after)
    if reading is None:
        reading = _after_something(gazetteer, folded.text, after)
    facility = _facility(gazetteer, folded, after, home, reading)
    if facility is not None:
        return _facility_match(gazetteer, facility[0], text[folded.end(facility[1]) :])
    if reading is None:
        if home is None:
            return nowhere(text)
        reading = Reading(home, after)
    if reading.oaza is None and not reading.number:
        reading = _in_part(reading, folded.text)
    return _match(reading, folded, text)


def _start(text: str) -> int:
    match = _POSTAL.match(text)
    return match.end() if match else 0


def _prefecture(gazetteer: Gazetteer, text: str, i: int) -> tuple[bool, int]:
    """(may lie in the gazetteer, offset after the prefecture)."""
    match = _PREFECTURE.match(text[i : i + 8])
    if match is None:
        return True, i
    name = match[1]
    if name in gazetteer.prefectures or name + "都" in gazetteer.prefectures:
        return True, _after_island(gazetteer, text, i + match.end())
    known = name in elsewhere.NAMES
    return not known, i


def _in_part(reading: Reading, text: str) -> Reading:
    """The part of the town that several names share: 深大寺."""
    for oaza, end in reading.town.stems.at(text, reading.end):
        return replace(reading, oaza=oaza, end=end, name_start=reading.end, name_end=end)
    return reading


def _after_island(gazetteer: Gazetteer, text: str, i: int) -> int:
    """Skip the island, district or branch office said before the town: 八丈島八丈町."""
    match = _ISLAND.match(text, i)
    if match is None or not any(gazetteer.town_names.at(text, match.end())):
        return i
    return match.end()


def _misspelt_town(gazetteer: Gazetteer, text: str, i: int) -> Reading | None:
    guess = nearest_town(gazetteer.town_names.values, text, i)
    if guess is None:
        return None
    name, end = guess
    found = in_town(gazetteer.town_names.values[name], text, end)
    return found if found is not None and found.exists else None


def _after_something(gazetteer: Gazetteer, text: str, i: int) -> Reading | None:
    """An address after a word or two that belong to no address: 自宅 調布市布田5-1."""
    for start in range(i + 1, min(len(text), i + _MOST_BEFORE)):
        if text[start - 1] in _OTHER_PLACE:
            return None
        for town, end in gazetteer.town_names.at(text, start):
            found = in_town(town, text, end)
            if found is not None and found.block is not None:
                return replace(found, named_town=True)
    return None


def _facility(
    gazetteer: Gazetteer, folded: Folded, i: int, home: Town | None, reading: Reading | None
) -> tuple[Facility, int] | None:
    """A facility that explains more of the text than the address does."""
    text, source = folded.text, folded.source
    known = i if reading is None else reading.end
    if reading is not None and reading.block is not None and reading.number:
        return None
    starts = [(i, home)]
    if reading is not None and reading.named_town and reading.oaza is None:
        starts.insert(0, (reading.end, reading.town))
    for start, town in starts:
        for facility, end in _facilities_at(gazetteer, text, start, town):
            following = source[folded.end(end) : folded.end(end) + 1]
            if facility.point is not None and end > known and not following.isalnum():
                return facility, end
    return None


def _facilities_at(
    gazetteer: Gazetteer, text: str, i: int, town: Town | None
) -> list[tuple[Facility, int]]:
    if town is not None:
        found = list(town.facilities.at(text, i))
        if found:
            return found
    return [(same[0], end) for same, end in gazetteer.facilities.at(text, i) if len(same) == 1]


def nowhere(text: str) -> AddressMatch:
    """No place at all: outside the gazetteer, or not an address."""
    place = Place(None, Accuracy.NONE, 0, "", "")
    return AddressMatch("", "", "", "", text.strip(), place)


def _facility_match(gazetteer: Gazetteer, facility: Facility, rest: str) -> AddressMatch:
    town = gazetteer.towns[facility.town]
    place = Place(
        facility.point, Accuracy.FACILITY, facility.radius_m, facility.name, facility.town
    )
    return AddressMatch(town.prefecture, town.name, "", "", rest.strip(), place)


def _match(reading: Reading, folded: Folded, text: str) -> AddressMatch:
    town = reading.town
    if reading.oaza is None or not reading.exists:
        end = reading.end if reading.oaza is None else reading.name_start
        number = "" if reading.oaza else reading.number
        rest = text[folded.end(end) :].strip()
        return AddressMatch(town.prefecture, town.name, "", number, rest, town_place(town))
    place = place_of(reading)
    whole = reading.block or reading.oaza.whole
    area = whole.area if whole else ""
    rest = text[folded.end(reading.end) :].strip()
    return AddressMatch(town.prefecture, town.name, area, reading.number, rest, place)


def town_place(town: Town) -> Place:
    """The municipality as a whole, at its hall."""
    return Place(town.point, Accuracy.TOWN, town.radius_m, town.name, town.code)


def place_of(reading: Reading) -> Place:
    """The place of a reading that names an existing 大字 or block."""
    oaza, block, town = reading.oaza, reading.block, reading.town
    if oaza is None:
        return town_place(town)
    if block is None:
        label = town.name + oaza.name
        return Place(oaza.point, Accuracy.DISTRICT, oaza.radius_m, label, town.code)
    if reading.number:
        accuracy = Accuracy.ADDRESS
    elif block.chome or block.radius_m <= BLOCK_RADIUS_M:
        accuracy = Accuracy.BLOCK
    else:
        accuracy = Accuracy.DISTRICT
    label = town.name + block.area + reading.number
    return Place(block.point, accuracy, block.radius_m, label, town.code)
