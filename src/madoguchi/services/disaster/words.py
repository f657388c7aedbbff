"""The names of things for people, in Japanese."""

from collections.abc import Iterable

from madoguchi.kernel.places.data import Accuracy, Place
from madoguchi.services.disaster.data import Category, NoticeLevel

CATEGORY_NAMES: dict[Category, str] = {
    Category.RESCUE: "救助・孤立",
    Category.INJURY: "けが・病気",
    Category.FIRE: "火事",
    Category.FLOOD: "浸水・水害",
    Category.LANDSLIDE: "土砂・地割れ",
    Category.BUILDING: "建物の被害",
    Category.ROAD: "道路・交通",
    Category.LIFELINE: "電気・水道・ガス・電話",
    Category.SHELTER: "避難所",
    Category.SUPPLIES: "物資",
    Category.MISSING: "安否",
    Category.QUESTION: "質問",
    Category.IRRELEVANT: "その他",
}

URGENCY_NAMES = {3: "命の危険", 2: "今日中に対応", 1: "記録", 0: "対応なし"}

ACCURACY_NAMES: dict[Accuracy, str] = {
    Accuracy.PIN: "地点",
    Accuracy.ADDRESS: "番地",
    Accuracy.FACILITY: "施設",
    Accuracy.BLOCK: "町丁目",
    Accuracy.DISTRICT: "大字・地区",
    Accuracy.TOWN: "市区町村",
    Accuracy.NONE: "場所なし",
}

NOTICE_LEVELS: dict[NoticeLevel, str] = {
    NoticeLevel.CAUTION: "注意（気をつけてほしい）",
    NoticeLevel.DANGER: "警戒（早めに動いてほしい）",
    NoticeLevel.EMERGENCY: "緊急（今すぐ命を守ってほしい）",
}


def category_names(categories: Iterable[str]) -> str:
    """「浸水・水害、道路・交通」 from category codes."""
    return "、".join(CATEGORY_NAMES[Category(c)] for c in categories)


def place_name(place: Place) -> str:
    """「国領町三丁目の付近（およそ300mの範囲）」, or that the place is not known yet."""
    if place.point is None:
        return f"{place.label}（地図上の位置は確認中）" if place.label else "まだわかっていません"
    if place.accuracy is Accuracy.PIN:
        return place.label or "送っていただいた地点"
    return f"{place.label}の付近（およそ{round_radius(place.radius_m)}の範囲）"


def round_radius(radius_m: int) -> str:
    """A radius as people say it: 「300m」「1.5km」."""
    metres = max(10, round(radius_m, -1 if radius_m < 100 else -2))
    if metres < 1000:
        return f"{metres}m"
    return f"{max(radius_m, 1000) / 1000:.1f}km".replace(".0km", "km")
