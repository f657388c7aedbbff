"""A name with one character wrong, missing or too many, taken only when one name alone fits."""

from collections.abc import Iterable

from madoguchi.kernel.places.engine.numbers import NUMERALS

_SHORTEST = 3
# Another of these makes another name (東大泉, 西大泉), not a slip of the pen.
_MEANINGFUL = frozenset("東西南北上中下大小新元本前後内外奥町台") | NUMERALS | frozenset("0123456789")


def nearest_name(names: Iterable[str], text: str, i: int) -> tuple[str, int] | None:
    """(name, end) of the only name one edit away from what stands at ``i`` before a number."""
    found: dict[str, int] = {}
    for name in names:
        if len(name) < _SHORTEST:
            continue
        end = _one_edit(name, text, i)
        if end is not None:
            found[name] = end
    if len(found) == 1:
        return next(iter(found.items()))
    return None


def _one_edit(name: str, text: str, i: int) -> int | None:
    size = len(name)
    same = 0
    while same < size and i + same < len(text) and name[same] == text[i + same]:
        same += 1
    at = i + same
    wrong = text[at : at + 1]
    if not wrong or same == size:
        return None
    tail = name[same + 1 :]
    if wrong not in _MEANINGFUL and name[same] not in _MEANINGFUL:
        end = at + 1 + len(tail)
        if text[at + 1 : end] == tail and _number_follows(text, end):
            return end
    if name[same] not in _MEANINGFUL:
        end = at + len(tail)
        if tail and text[at:end] == tail and _number_follows(text, end):
            return end
    if wrong not in _MEANINGFUL:
        end = at + 1 + size - same
        if text[at + 1 : end] == name[same:] and _number_follows(text, end):
            return end
    return None


def _number_follows(text: str, end: int) -> bool:
    return end < len(text) and (text[end].isdigit() or text[end] in NUMERALS)


def nearest_town(names: Iterable[str], text: str, i: int) -> tuple[str, int] | None:
    """(name, end) of the only municipality whose name is written with one wrong character."""
    found: dict[str, int] = {}
    for name in names:
        end = i + len(name)
        wrong = [k for k, (a, b) in enumerate(zip(name, text[i:end], strict=False)) if a != b]
        if len(name) >= _SHORTEST and end <= len(text) and name[-1] == text[end - 1]:
            swapped = len(wrong) == 2 and sorted(name) == sorted(text[i:end])
            if (len(wrong) == 1 and name[wrong[0]] not in _MEANINGFUL) or swapped:
                found[name] = end
    return next(iter(found.items())) if len(found) == 1 else None
