"""What the counter says to residents. Every text makes sense read aloud."""

from collections.abc import Iterable

from madoguchi.kernel.messages.data import Outgoing, QuickReply, ReplyKind
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

DANGER = "命の危険があるときは、すぐに119番（火事・救急）か110番（警察）に電話してください。"

ASK_PLACE = (
    "場所がわかると早く動けます。住所、近くの建物や駅の名前を送るか、"
    "「いまいる場所を送る」を押してください。"
)

ASK_WHAT = "どこで、何が起きていますか。文章で教えてください。"

PLACE_BUTTONS = (
    QuickReply(ReplyKind.LOCATION, "いまいる場所を送る"),
    QuickReply(ReplyKind.TEXT, "場所がわからない", "場所がわからない"),
)

WHAT_BUTTONS = (
    QuickReply(ReplyKind.TEXT, "水があふれている", "水があふれています"),
    QuickReply(ReplyKind.TEXT, "道が通れない", "道が通れません"),
    QuickReply(ReplyKind.TEXT, "けが人がいる", "けが人がいます"),
    QuickReply(ReplyKind.TEXT, "停電・断水", "停電または断水しています"),
)

YES = "はい、そこです"
NO = "いいえ、ちがいます"


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


def received(number: str, categories: Iterable[str], place: Place, *, danger: bool) -> Outgoing:
    """The acknowledgement of a report whose place is known well enough."""
    return Outgoing(_received(number, categories, place, danger))


def received_ask_place(
    number: str, categories: Iterable[str], place: Place, *, danger: bool
) -> Outgoing:
    """The acknowledgement that asks for the place."""
    return Outgoing(f"{_received(number, categories, place, danger)}\n\n{ASK_PLACE}", PLACE_BUTTONS)


def received_confirm_place(
    number: str, categories: Iterable[str], place: Place, *, danger: bool
) -> Outgoing:
    """The acknowledgement that proposes a place and asks whether it is right."""
    text = (
        f"{_received(number, categories, place, danger)}\n\n"
        "この場所で合っていますか。ちがうときは、住所や近くの建物の名前を送ってください。"
    )
    return Outgoing(text, (*_yes_no(), PLACE_BUTTONS[0]))


def _received(number: str, categories: Iterable[str], place: Place, danger: bool) -> str:
    parts = [DANGER + "\n"] if danger else []
    parts.append(f"受け付けました。受付番号は {number} です。")
    parts.append(f"内容：{category_names(categories)}")
    parts.append(f"場所：{place_name(place)}")
    parts.append("職員が確認します。まちがいがあれば、このまま続けて送ってください。")
    return "\n".join(parts)


def _yes_no() -> tuple[QuickReply, QuickReply]:
    return (QuickReply(ReplyKind.TEXT, YES, YES), QuickReply(ReplyKind.TEXT, NO, NO))


def place_taken(number: str, place: Place, *, danger: bool) -> Outgoing:
    """The place was understood; who is in danger is told whom to call, however often."""
    lead = f"{DANGER}\n\n" if danger else ""
    return Outgoing(
        f"{lead}ありがとうございます。受付番号 {number} の場所を「{place_name(place)}」にしました。"
    )


def place_still_unknown() -> Outgoing:
    """The answer named no place that we know; one more try."""
    return Outgoing(
        "場所がわかりませんでした。「布田5丁目」のような町の名前か、近くの学校・駅・お店の名前を"
        "送ってください。わからなければ「場所がわからない」と送ってください。",
        PLACE_BUTTONS,
    )


def place_given_up(phone: str) -> Outgoing:
    """Staff will find out the place."""
    call = f"お急ぎのときは {phone} にお電話ください。" if phone else ""
    return Outgoing(f"わかりました。職員が確認し、必要があればこちらからおたずねします。{call}")


def photo_added(number: str) -> Outgoing:
    """A photo joined a report."""
    return Outgoing(f"写真を受け取りました。受付番号 {number} に加えました。")


def photo_first(number: str) -> Outgoing:
    """A photo came without words."""
    return Outgoing(f"写真を受け取りました。受付番号は {number} です。{ASK_WHAT}", WHAT_BUTTONS)


def pin_first(number: str) -> Outgoing:
    """A position came without words."""
    return Outgoing(f"場所を受け取りました。受付番号は {number} です。{ASK_WHAT}", WHAT_BUTTONS)


def say_it_in_words() -> Outgoing:
    """Something came that is no answer: a button of another conversation, say."""
    return Outgoing("内容を受け取れませんでした。文章か、写真、位置情報で送ってください。")


def photo_refused(why: str) -> Outgoing:
    """The photo could not be kept; the words were."""
    return Outgoing(f"{why} 文章でも受け付けています。")


def heard(town: str, phone: str) -> Outgoing:
    """Thanks for words on which nobody needs to act; a person can still be reached."""
    call = f"職員と話したいときは {phone} へお電話ください。" if phone else ""
    return Outgoing(
        f"{town}です。メッセージを受け取りました。災害や困りごとのお知らせは、「どこで」「何が」"
        f"起きているかを、そのまま送ってください。写真や位置情報も送れます。{call}"
    )
