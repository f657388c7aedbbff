"""What stands around a name in a free text decides whether it is a place at all."""

import re

from madoguchi.kernel.places.engine.numbers import is_kanji
from madoguchi.kernel.places.engine.words import BEFORE, COMMON

# A person, not a place: 石田さん. Only for names without a number.
_PERSON = re.compile(
    r"さん|サン|様|さま|くん|君|ちゃん|氏|先生|姓|夫妻|家の人|と申し|ともうし|といいます|と言います"
)
_COPULA = re.compile(r"(?:です|だ|と)(?:[。、！!\s]|$)")
# Kanji that may directly follow a place name without making it another name.
_GOES_ON = re.compile(
    r"地区|地域|地内|方面|付近|周辺|近辺|近く|近所|一帯|全域|全体|界隈|在住|住民|町民|市民|区民|自治会|町会"
    r"|[東西南北]口|中央口|[東西南北]側|改札|入口|入り口|出口|出入口|構内|構外|駐車場|駐輪場|駅前|体育館|校庭|正門|裏門"
    r"|避難所|交番|行き|発|着|間|前|裏|横|脇|隣|側|内|方|辺|上空|沿い|向け|経由|止|停電|断水|冠水|浸水|火災|火事|道路|被害|全滅|孤立"
)
# Kanji that may stand directly before a name: 今国領駅です.
_BEFORE = frozenset("今在時分側前")
_INTERSECTION = re.compile(
    r"(?:前|入口|入り口|駅前|[東西南北])?の?(?:交差点|十字路|[TＴ丁]字路|三[叉差]路)"
)
_FACILITY_WORDS = (
    "小学校|中学校|高等学校|高校|大学|幼稚園|保育園|保育所|こども園|学童|児童館|公園|緑地|広場|図書館|公民館"
    "|体育館|美術館|博物館|市民会館|会館|ホール|集会所|センター|病院|医院|クリニック|診療所|薬局|神社|神宮|寺|教会"
    "|団地|住宅|マンション|アパート|ハイツ|コーポ|ビル|タワー|駅|停留所|バス停|橋|トンネル|ダム|浄水場|消防署"
    "|警察署|交番|郵便局|役場|役所|支所|出張所|工場|倉庫|商店街|店|ホテル|旅館|港|空港|漁港|墓地|霊園|グラウンド|球場|競技場"
)
_UNKNOWN_SUFFIX = re.compile(rf"[一-龥々ァ-ヶーA-Za-zＡ-Ｚ]{{0,8}}?(?:{_FACILITY_WORDS})")


_SAYS_WHERE = re.compile(
    r"(?:の(?:ほう|方|あたり|辺|道|踏切|坂|川|橋|畑|山|交差|公園|学校|集落|全)|で|に|へ|から|まで|方面|付近|周辺|地区|地域|地内|一帯|在住|も|港|トンネル|、)"
)


def says_where(source: str, start: int, end: int) -> bool:
    """A name that is also a word or a surname stands where only a place can stand."""
    if source[start:end] not in COMMON:
        return True
    return bool(_SAYS_WHERE.match(source, end)) and source[start:end] != "中央"


def person_follows(source: str, end: int) -> bool:
    """A title that makes the name before it a person's."""
    return bool(_PERSON.match(source, end))


def free_on_the_left(source: str, start: int, last_end: int) -> bool:
    """The name is not the tail of a longer word."""
    if start == 0 or start == last_end:
        return True
    before = source[start - 1]
    return not is_kanji(before) or before in _BEFORE or source[start - 2 : start] in BEFORE


def free_on_the_right(source: str, end: int) -> bool:
    """The name is not the head of a longer word."""
    if end >= len(source):
        return True
    following = source[end]
    if is_kanji(following):
        return bool(_GOES_ON.match(source, end))
    return not ("ァ" <= following <= "ヶ")


def says_own_name(source: str, start: int, end: int) -> bool:
    """「石田です」 at the start of a sentence is how a person says who is writing."""
    before = source[start - 1] if start else ""
    return bool(_COPULA.match(source, end)) and before not in ("は", "が", "：", ":")


def intersection(source: str, end: int) -> int | None:
    """Where 「（の）交差点」 after a name ends."""
    match = _INTERSECTION.match(source, end)
    return match.end() if match else None


def longer_facility(source: str, end: int) -> int | None:
    """Where a facility whose name begins with the name before ``end`` ends: 布田|第三公園."""
    match = _UNKNOWN_SUFFIX.match(source, end)
    if not match or (_GOES_ON.match(source, end) and not match[0].startswith(("駅前", "内"))):
        return None
    return match.end()
