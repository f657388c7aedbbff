"""Which messages tell of the same event: the group whose members they are most surely one with."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from statistics import fmean

from madoguchi.kernel.places.api import distance_m
from madoguchi.services.disaster.data import Grouped, Reason
from madoguchi.services.disaster.engine import text
from madoguchi.services.disaster.engine.pairs import Pairs

WINDOW = timedelta(hours=12)
NEAR_M = 400.0
SAME_WORDS = 0.55


def match(
    item: Grouped, candidates: Sequence[Grouped], pairs: Pairs, threshold: float
) -> tuple[str | None, tuple[Reason, ...]]:
    """The group among ``candidates`` (each with its ``group``) whose event ``item`` tells of.

    ``threshold``: the mean probability over its members from which a message belongs to a group.
    Returns the group and the reasons; (None, ()) when it stands alone.
    """
    known = [other for other in candidates if within_reach(item, other)]
    if not known:
        return None, ()
    surely = pairs.surely(item, known).tolist()
    groups = [other.group or "" for other in known]
    best, chance = surest(groups, surely)
    if chance < threshold:
        return None, ()
    inside = [n for n, group in enumerate(groups) if group == best]
    nearest = known[max(inside, key=surely.__getitem__)]
    return best, (Reason("group", _why(item, nearest)),)


def surest(groups: Sequence[str], chances: Sequence[float]) -> tuple[str, float]:
    """The group whose members are most surely of one event with a message, and how surely.

    ``groups``: of each candidate, not empty. ``chances``: that the candidate is of one event.
    """
    members: dict[str, list[float]] = defaultdict(list)
    for group, chance in zip(groups, chances, strict=True):
        members[group].append(chance)
    means = {group: fmean(members[group]) for group in members}
    best = max(means, key=means.__getitem__)
    return best, means[best]


def within_reach(item: Grouped, other: Grouped) -> bool:
    """Told within hours and to one town, or of one spot at the border of two."""
    if other.group is None or abs(item.message.sent_at - other.message.sent_at) > WINDOW:
        return False
    if item.message.town == other.message.town:
        return True
    here, there = item.reading.place.point, other.reading.place.point
    return here is not None and there is not None and distance_m(here, there) <= NEAR_M


def _why(item: Grouped, other: Grouped) -> str:
    """What staff can see for itself."""
    here, there = item.reading.place, other.reading.place
    if item.reading.doubtful and other.reading.doubtful:
        return "同じ内容の、確認が必要な知らせがあります。"
    if here.label and here.label == there.label:
        return f"同じ場所（{here.label}）の知らせです。"
    if here.point is not None and there.point is not None:
        away = distance_m(here.point, there.point)
        if away <= NEAR_M:
            return f"およそ{max(10, round(away, -1)):.0f}mの近さの知らせです。"
    named, known = item.reading.place_text, other.reading.place_text
    if named and known and text.plain(named) == text.plain(known):
        return f"同じ「{named}」の知らせです。"
    if text.likeness(item.message.text, other.message.text) >= SAME_WORDS:
        return "文章がよく似ています。"
    return "時刻と内容の近い知らせです（学習による読み取り）。"
