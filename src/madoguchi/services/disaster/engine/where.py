"""Where the event is: one place among those a text names, and whether to ask back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from madoguchi.kernel.places.data import Accuracy, Mention, Place, PlaceKind
from madoguchi.services.disaster.data import Reason

COARSE_M = 1500  # a district wider than this is no place to send anybody to
WEAK = 0.6

_RANK = {
    PlaceKind.ADDRESS: 5.0,
    PlaceKind.CHOME: 4.5,
    PlaceKind.FACILITY: 4.5,
    PlaceKind.STATION: 4.0,
    PlaceKind.INTERSECTION: 3.5,
    PlaceKind.RIVER: 2.5,
    PlaceKind.AREA: 2.5,
    PlaceKind.NONE: 0.0,
}
_NOT_HERE = re.compile(
    r"^(?:[にで]?(?:から(?:帰|来|き|向|歩|車|の帰|避難|移動|戻|出|電車|バス)|へ(?:行|向|避難|移動)|に(?:向か|行く|行こ|避難|逃げ|勤め|通って|住んでい(?:た|まし))|"
    r"行き|方面|出身|在住の?(?:友|知|姉|兄|親|娘|息子)|の(?:実家|親戚|友|知人|姉|兄|娘|息子|祖)|までは?(?:通|行|動)))"
)
_NEAR = re.compile(
    r"^(?:[のを]?(?:前|まえ|付近|近く|ちかく|そば|横|よこ|隣|裏|向かい|周辺|あたり|辺り|手前|先|入口|入り口|交差点|角|下|上|脇|沿い))"
)


@dataclass(frozen=True, slots=True)
class Where:
    """The chosen place. ``sure`` is False when the sender should confirm it."""

    text: str | None
    kind: PlaceKind
    place: Place
    elsewhere: bool
    exists: bool
    sure: bool
    told: int  # how many places the text names
    reasons: tuple[Reason, ...] = ()


NOWHERE = Where(None, PlaceKind.NONE, Place(None, Accuracy.NONE, 0, "", ""), False, True, True, 0)


def choose(source: str, mentions: Sequence[Mention], town: str) -> Where:
    """The place of the event among ``mentions`` of ``source`` (the receiving town's code: ``town``)."""
    exists = all(mention.exists for mention in mentions)
    told = [m for m in mentions if m.kind is not PlaceKind.NONE]
    if not told:
        nowhere = Place(None, Accuracy.NONE, 0, "", town)
        return Where(None, PlaceKind.NONE, nowhere, False, exists, True, 0)
    best = max(told, key=lambda mention: (_score(source, mention), -mention.start))
    after = source[best.end : best.end + 12]
    place = _widened(best, after)
    return Where(
        best.text,
        best.kind,
        place,
        best.elsewhere,
        exists,
        best.score >= WEAK,
        len(told),
        tuple(_reasons(best, place, len(told))),
    )


def _score(source: str, mention: Mention) -> float:
    """How likely the event is there: exact places first, places one comes from or goes to last."""
    score = _RANK[mention.kind] + min(mention.score, 1.0)
    after = source[mention.end : mention.end + 12]
    if _NOT_HERE.match(after):
        score -= 3.0
    if _NEAR.match(after) or after[:1] in ("で", "が", "に"):
        score += 0.4
    if mention.elsewhere:
        score -= 0.5
    if mention.place.point is None and mention.kind is PlaceKind.AREA:
        score -= 1.0
    return score


def _widened(mention: Mention, after: str) -> Place:
    """「〜の近く」 is not the place itself."""
    place = mention.place
    if place.point is None or place.accuracy is not Accuracy.FACILITY or not _NEAR.match(after):
        return place
    return Place(place.point, place.accuracy, place.radius_m + 100, place.label, place.town_code)


def _reasons(mention: Mention, place: Place, told: int) -> list[Reason]:
    found = [Reason("place", f"「{mention.text}」：{mention.reason or '町の地名の一覧にあります'}")]
    if told > 1:
        found.append(
            Reason("place", f"場所が{told}か所書かれています。出来事に近いものを選びました。")
        )
    if mention.elsewhere:
        found.append(Reason("place", "この町の外の場所です。"))
    if not mention.exists:
        found.append(Reason("place", "この町丁目は、町の住所の一覧にありません。"))
    if place.point is None and mention.kind is PlaceKind.RIVER:
        found.append(Reason("place", "川の名前だけでは地点が決まりません。"))
    return found


def must_ask(where: Where, urgency: int, *, actionable: bool) -> bool:
    """Whether the sender is to be asked for the place, or to confirm it."""
    if urgency == 0 or not actionable:
        return False
    if where.place.point is None or not where.sure:
        return True
    return urgency >= 2 and (where.elsewhere or where.place.radius_m > COARSE_M)
