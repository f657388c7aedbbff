"""Which messages tell of the same event: near in time, at one place, about one thing."""

from collections.abc import Sequence
from datetime import timedelta

from madoguchi.kernel.places.api import distance_m
from madoguchi.kernel.places.data import Accuracy, PlaceKind
from madoguchi.services.disaster.data import Category, Grouped, Reason, Urgency
from madoguchi.services.disaster.engine import text

WINDOW = timedelta(hours=12)
NEAR_M = 350.0
SAME_WORDS = 0.55
SAME_CLAIM = 0.35
SOME_WORDS = 0.12
_EXACT = (Accuracy.PIN, Accuracy.ADDRESS, Accuracy.FACILITY, Accuracy.BLOCK)
_LOOSE = frozenset({Category.QUESTION, Category.IRRELEVANT})


def match(item: Grouped, candidates: Sequence[Grouped]) -> tuple[str | None, tuple[Reason, ...]]:
    """The group among ``candidates`` (each with its ``group``) whose event ``item`` tells of.

    Returns the group and the reasons; (None, ()) when it stands alone.
    """
    best: tuple[float, Grouped, str] | None = None
    for other in candidates:
        if other.group is None:
            continue
        score, why = _same_event(item, other)
        if score > 0 and (best is None or score > best[0]):
            best = (score, other, why)
    if best is None:
        return None, ()
    return best[1].group, (Reason("group", best[2]),)


def _same_event(one: Grouped, other: Grouped) -> tuple[float, str]:
    """How surely two messages tell of one event (0 = not), and why."""
    if abs(one.message.sent_at - other.message.sent_at) > WINDOW:
        return 0.0, ""
    alike = text.likeness(one.message.text, other.message.text)
    if one.reading.doubtful and other.reading.doubtful and alike >= SAME_CLAIM:
        return 1.0 + alike, "同じ内容の、確認が必要な知らせがあります。"
    if not (_tells(one) and _tells(other) and _same_subject(one, other)):
        return 0.0, ""
    if one.reading.place.point is not None and other.reading.place.point is not None:
        return _by_place(one, other, alike)
    return _by_words(one, other, alike)


def _same_subject(one: Grouped, other: Grouped) -> bool:
    """Whether the main category of one is told by the other, too."""
    mine, theirs = one.reading.categories, other.reading.categories
    main = {mine[0], theirs[0]} - _LOOSE
    return bool(main & set(mine) & set(theirs))


def _by_place(one: Grouped, other: Grouped, alike: float) -> tuple[float, str]:
    here, there = one.reading.place, other.reading.place
    if here.label and here.label == there.label and here.town_code == there.town_code:
        coarse = here.radius_m > 800 and alike < SOME_WORDS
        return (0.0, "") if coarse else (1.0 + alike, f"同じ場所（{here.label}）の知らせです。")
    both_blocks = here.accuracy is Accuracy.BLOCK and there.accuracy is Accuracy.BLOCK
    if both_blocks or here.accuracy not in _EXACT or there.accuracy not in _EXACT:
        return 0.0, ""  # the next block flooded at the same hour is another event
    assert here.point is not None
    assert there.point is not None
    away = distance_m(here.point, there.point)
    if away <= NEAR_M and alike >= SOME_WORDS:
        return (
            0.8 + alike - away / 1000,
            f"およそ{max(10, round(away, -1)):.0f}mの近さの知らせです。",
        )
    return 0.0, ""


def _by_words(one: Grouped, other: Grouped, alike: float) -> tuple[float, str]:
    """Without two points: the same named river, road or nickname, or nearly the same words."""
    if one.message.town != other.message.town:
        return 0.0, ""
    named, known = one.reading.place_text, other.reading.place_text
    if named and known and one.reading.place_kind is other.reading.place_kind:
        if text.plain(named) == text.plain(known):
            narrow = one.reading.place_kind not in (PlaceKind.AREA, PlaceKind.RIVER)
            if narrow or alike >= 0.3:
                return 0.7 + alike, f"同じ「{named}」の知らせです。"
        return 0.0, ""
    if alike >= SAME_WORDS and one.message.text != "":
        return alike, "文章がよく似ています。"
    return 0.0, ""


def _tells(item: Grouped) -> bool:
    reading = item.reading
    return reading.urgency > Urgency.NOTHING and set(reading.categories) - _LOOSE != set()
