"""Named places that no gazetteer holds: they are shown and asked back, never guessed."""

import re
from collections.abc import Iterator, Sequence

from madoguchi.kernel.places.data import Accuracy, Place, PlaceKind
from madoguchi.kernel.places.engine import context
from madoguchi.kernel.places.engine.address import after_name
from madoguchi.kernel.places.engine.fold import Folded
from madoguchi.kernel.places.engine.found import FAIR, GUESS, Found, nothing
from madoguchi.kernel.places.engine.gazetteer import Town
from madoguchi.kernel.places.engine.locating import place_of
from madoguchi.kernel.places.engine.numbers import number_at
from madoguchi.kernel.places.engine.typos import nearest_name
from madoguchi.kernel.places.engine.words import BARE_KINDS, GENERIC

_WORD = r"[一-龥々ヶケァ-ヴー]"
_FACILITY = re.compile(
    rf"({_WORD}{{2,10}}?)(小学校|中学校|高等学校|高校|大学|幼稚園|保育園|こども園|児童館|公園|緑地|図書館|公民館"
    r"|体育館|会館|集会所|センター|病院|医院|クリニック|神社|団地|住宅|駅|橋|トンネル|ダム|浄水場|消防署|警察署|空港|漁港|港)"
)
_RIVER = re.compile(
    r"([一-龥々]{1,4}川)(?=の?(?:水位|水|氾濫|増水|堤防|土手|河川敷)"
    r"|[がもは](?:氾濫|増水|あふれ|溢れ|決壊|危|茶色)|沿い|の?河川敷|堤防)"
)
_CROSSING = re.compile(rf"{_WORD}{{2,10}}の?交差点")
_ROAD = re.compile(r"[一-龥々]{2,5}街道|[国都県]道[0-9０-９一二三四五六七八九十百]{1,5}号線?")

_STEM = re.compile(rf"{_WORD}{{1,8}}$")
_MOST_BLOCKS = 50


def find(folded: Folded, home: Town, known: Sequence[Found]) -> list[Found]:
    """Places outside ``known`` that the text names without any gazetteer knowing them."""
    taken = [(f.start, f.end) for f in known]
    found: list[Found] = []
    for one in (*_blocks(folded, home), *_by_word(folded.source, home.code)):
        if all(one.end <= start or one.start >= end for start, end in taken):
            found.append(one)
            taken.append((one.start, one.end))
    return found


def _blocks(folded: Folded, home: Town) -> Iterator[Found]:
    """N丁目 after a name that is misspelt, or known nowhere."""
    text = folded.text
    count = 0
    for match in re.finditer("丁目", text):
        at = match.start()
        begin = at
        while begin > 0 and at - begin < 4 and _number_to(text, begin - 1, at):
            begin -= 1
        if begin == at:
            continue
        count += 1
        if count > _MOST_BLOCKS:
            return
        yield from _block(folded, home, begin, match.end())


def _number_to(text: str, begin: int, end: int) -> bool:
    found = number_at(text, begin)
    return found is not None and found[1] == end


def _block(folded: Folded, home: Town, number: int, end: int) -> Iterator[Found]:
    text = folded.text
    for start in range(max(0, number - 8), number - 1):
        typo = nearest_name(home.oaza.values, text, start)
        free = context.free_on_the_left(folded.source, folded.start(start), 0)
        if free and typo is not None and typo[1] == number:
            reading = after_name(home, home.oaza.values[typo[0]], text, number)
            if reading.block is not None:
                yield Found(
                    folded.start(start),
                    folded.end(reading.end),
                    PlaceKind.ADDRESS if reading.number else PlaceKind.CHOME,
                    place_of(reading),
                    GUESS,
                    reason=f"「{reading.block.area}」の書き間違いとみました",
                )
                return
    stem = _STEM.search(folded.source[: folded.start(number)])
    if stem and len(stem[0]) >= 2:
        span = folded.source[stem.start() : folded.end(end)]
        place = nothing(span, home.code)
        reason = "この町名は見当たりません"
        away = any(c in stem[0][1:] for c in "市区郡") and home.name[:-1] not in stem[0]
        start, stop = stem.start(), folded.end(end)
        yield Found(start, stop, PlaceKind.CHOME, place, GUESS, away, True, reason)


def _by_word(source: str, town: str) -> Iterator[Found]:
    for match in _CROSSING.finditer(source):
        yield _named(match.span(), PlaceKind.INTERSECTION, match[0], town)
    for match in _RIVER.finditer(source):
        yield _named(match.span(1), PlaceKind.RIVER, match[1], town)
    for match in _ROAD.finditer(source):
        yield _named(match.span(), PlaceKind.AREA, match[0], town)
    for match in _FACILITY.finditer(source):
        if match[1].lstrip("各全当本") not in GENERIC and match[0] not in BARE_KINDS:
            kind = PlaceKind.STATION if match[2] == "駅" else PlaceKind.FACILITY
            yield _named(match.span(), kind, match[0], town)


def _named(span: tuple[int, int], kind: PlaceKind, label: str, town: str) -> Found:
    place = Place(None, Accuracy.NONE, 0, label, town)
    score = FAIR if kind in (PlaceKind.RIVER, PlaceKind.INTERSECTION) else GUESS
    return Found(*span, kind, place, score, reason="名前から地点は決められません")
