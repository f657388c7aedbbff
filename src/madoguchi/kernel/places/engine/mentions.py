"""The places that a free text names: what a resident writes in a message."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from madoguchi.kernel.places.data import Accuracy, Mention, Place, PlaceKind
from madoguchi.kernel.places.engine import context, elsewhere, unknown
from madoguchi.kernel.places.engine.candidates import candidate
from madoguchi.kernel.places.engine.fold import Folded, fold
from madoguchi.kernel.places.engine.found import FAIR, LIKELY, Found, nothing
from madoguchi.kernel.places.engine.further import further_chomes
from madoguchi.kernel.places.engine.gazetteer import Gazetteer, Town

LONGEST_TEXT = 20_000


def find(gazetteer: Gazetteer, text: str, home: Town) -> list[Mention]:
    """All places named in ``text``, in order, none inside another.

    Only the first 20,000 characters are read.
    """
    folded = fold(text[:LONGEST_TEXT])
    found = list(_scan(gazetteer, folded, home))
    found += unknown.find(folded, home, found)
    found.sort(key=lambda f: f.start)
    return [
        Mention(
            text[f.start : f.end],
            f.start,
            f.end,
            f.kind,
            f.place,
            f.score,
            f.elsewhere,
            f.exists,
            f.reason,
        )
        for f in found
    ]


def _scan(gazetteer: Gazetteer, folded: Folded, home: Town) -> Iterator[Found]:
    text, source = folded.text, folded.source
    outside = elsewhere.spans(source, frozenset({home.prefecture}))
    starts = range(len(text)) if folded.origin is None else folded.origin
    i, last = 0, 0
    while i < len(text):
        here = starts[i]
        while outside and outside[0][0] < here:
            outside.pop(0)
        if outside and outside[0][0] == here:
            start, end = outside.pop(0)
            yield _in_another_prefecture(source[start:end], start, end)
            i, last = bisect_left(starts, end), end
            continue
        found = None
        if text[i : i + 2] in gazetteer.heads or text[i] in gazetteer.heads:
            found = candidate(gazetteer, folded, i, home, last)
        if found is None:
            i += 1
            continue
        found = _with_surroundings(found, source)
        yield found
        last = found.end
        if found.kind is PlaceKind.CHOME and found.exists:
            for more in further_chomes(gazetteer, folded, found):
                yield more
                last = more.end
        i = max(i + 1, bisect_left(starts, last))


def _in_another_prefecture(name: str, start: int, end: int) -> Found:
    place = Place(None, Accuracy.NONE, 0, name, "")
    return Found(start, end, PlaceKind.AREA, place, LIKELY, True, True, "ほかの都道府県です")


def _with_surroundings(found: Found, source: str) -> Found:
    """The intersection or the unknown facility that a name is only the first part of."""
    crossing = context.intersection(source, found.end)
    if crossing is not None:
        label = source[found.start : crossing]
        return replace(
            found,
            end=crossing,
            kind=PlaceKind.INTERSECTION,
            place=nothing(label, found.place.town_code),
            reason="交差点の地点は決められません",
        )
    if found.kind in (PlaceKind.CHOME, PlaceKind.ADDRESS):
        return found
    longer = context.longer_facility(source, found.end)
    if longer is not None:
        label = source[found.start : longer]
        return replace(
            found,
            end=longer,
            kind=PlaceKind.STATION if label.endswith("駅") else PlaceKind.FACILITY,
            place=nothing(label, found.place.town_code),
            score=FAIR,
            reason="名前から地点は決められません",
        )
    return found
