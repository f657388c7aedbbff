"""A name with one slip of the pen, taken only when one name alone fits.

A slip is one character wrong, missing or too many, or two neighbours swapped.
"""

from collections.abc import Iterable, Iterator

from madoguchi.kernel.places.engine.numbers import NUMERALS

_SHORTEST = 3
# One of these for another, or one more or less, makes another name (東大泉, 西大泉).
_MEANINGFUL = (
    frozenset("東西南北上中下大小新元本前後内外奥町台") | NUMERALS | frozenset("0123456789")
)


def nearest_name(names: Iterable[str], text: str, i: int) -> tuple[str, int] | None:
    """(name, end) of the only name one edit away from what stands at ``i`` before a number.

    A second name as near forbids the guess, and so does an edit that makes another name.
    """
    near: dict[str, tuple[int, bool]] = {}
    for name in names:
        if len(name) >= _SHORTEST - 1:
            for end, slip in _edits(name, text, i):
                near[name] = (end, slip)
    if len(near) != 1:
        return None
    name, (end, slip) = next(iter(near.items()))
    return (name, end) if slip and min(len(name), end - i) >= _SHORTEST else None


def _edits(name: str, text: str, i: int) -> Iterator[tuple[int, bool]]:
    """(end, whether it is a slip of the pen) of one edit that turns the text into ``name``."""
    size = len(name)
    same = 0
    while same < size and text[i + same : i + same + 1] == name[same]:
        same += 1
    at = i + same
    wrong = text[at : at + 1]
    if not wrong or same == size:
        return
    right, tail = name[same], name[same + 1 :]
    for start, expected, edited in (
        (at + 1, tail, wrong + right),
        (at, tail, right),
        (at + 1, right + tail, wrong),
    ):
        end = start + len(expected)
        if text[start:end] == expected and _number_follows(text, end):
            yield end, not _MEANINGFUL.issuperset(edited)
    swapped = right + name[same + 1 : same + 2]
    end = i + size
    if text[at:end] == swapped[::-1] + name[same + 2 :] and _number_follows(text, end):
        yield end, True


def _number_follows(text: str, end: int) -> bool:
    return end < len(text) and (text[end].isdigit() or text[end] in NUMERALS)


def nearest_town(names: Iterable[str], text: str, i: int) -> tuple[str, int] | None:
    """(name, end) of the only municipality written with one wrong or two swapped characters."""
    found: dict[str, int] = {}
    for name in names:
        end = i + len(name)
        if len(name) < _SHORTEST or end > len(text):
            continue
        wrong = [a for a, b in zip(name, text[i:end], strict=True) if a != b]
        swapped = len(wrong) == 2 and sorted(name) == sorted(text[i:end])
        same_end = text[end - 1] == name[-1]
        if swapped or (len(wrong) == 1 and same_end and wrong[0] not in _MEANINGFUL):
            found[name] = end
    return next(iter(found.items())) if len(found) == 1 else None
