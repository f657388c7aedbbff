"""What the counter says to residents, in their language. Every text makes sense read aloud."""

from collections.abc import Iterable

from madoguchi.kernel.messages.data import Outgoing, QuickReply, ReplyKind
from madoguchi.kernel.places.data import Accuracy, Place
from madoguchi.services.disaster.data import Category
from madoguchi.services.disaster.words import CATEGORY_NAMES, place_name, round_radius
from madoguchi.ui.words import Language, Words

NEEDS: dict[Category, Words] = {
    category: Words(CATEGORY_NAMES[category], easy, english)
    for category, (easy, english) in {
        Category.RESCUE: ("助《たす》けが いる", "rescue"),
        Category.INJURY: ("けが・病気《びょうき》", "injury or illness"),
        Category.FIRE: ("火事《かじ》", "fire"),
        Category.FLOOD: ("水《みず》が あふれた", "flooding"),
        Category.LANDSLIDE: ("土《つち》や がけが くずれた", "landslide or cracks"),
        Category.BUILDING: ("建物《たてもの》が こわれた", "damaged building"),
        Category.ROAD: ("道《みち》・電車《でんしゃ》", "road or traffic"),
        Category.LIFELINE: (
            "電気《でんき》・水《みず》・ガス・電話《でんわ》",
            "power, water, gas, phone",
        ),
        Category.SHELTER: ("にげる 場所《ばしょ》", "shelter"),
        Category.SUPPLIES: ("食《た》べ物《もの》など", "supplies"),
        Category.MISSING: ("人《ひと》が 無事《ぶじ》か どうか", "whether somebody is safe"),
        Category.QUESTION: ("質問《しつもん》", "question"),
        Category.IRRELEVANT: ("その ほか", "other"),
    }.items()
}

DANGER = Words(
    "命の危険があるときは、すぐに119番（火事・救急）か110番（警察）に電話してください。",
    "命《いのち》が あぶない ときは、すぐに 119（火事《かじ》・けが・病気《びょうき》）か "
    "110（警察《けいさつ》）に 電話《でんわ》して ください。",
    "If a life is in danger, call 119 (fire, ambulance) or 110 (police) at once.",
)
ASK_PLACE = Words(
    "場所がわかると早く動けます。住所、近くの建物や駅の名前を送るか、"
    "「いまいる場所を送る」を押してください。",
    "どこですか。住所《じゅうしょ》か、近《ちか》くの 建物《たてもの》や 駅《えき》の "
    "名前《なまえ》を おくって ください。「いまいる場所を送る」を おしても いいです。",
    "Where is it? Send an address or the name of a building or station nearby, or press "
    "“Send my location”.",
)
ASK_WHAT = Words(
    "どこで、何が起きていますか。文章で教えてください。",
    "どこで、何《なに》が ありましたか。書《か》いて ください。",
    "What is happening, and where? Please tell us in words.",
)
SEND_LOCATION = Words("いまいる場所を送る", "いまいる場所を送る", "Send my location")
UNKNOWN_PLACE = Words("場所がわからない", "場所がわからない", "I don't know where")
YES = Words("はい、そこです", "はい、そこです", "Yes, right there")
NO = Words("いいえ、ちがいます", "いいえ、ちがいます", "No, not there")

ASSENTS = frozenset({YES.ja, YES.en, "はい", "うん", "合っています", "あってます", "Yes", "yes"})
DENIALS = frozenset({NO.ja, NO.en, "いいえ", "違います", "ちがいます", "No", "no"})
IGNORANCE = frozenset(
    {UNKNOWN_PLACE.ja, UNKNOWN_PLACE.en, "わからない", "分からない", "わかりません", "I don't know"}
)

_WHAT = (
    (
        Words("水があふれている", "水があふれている", "Flooding"),
        Words("水があふれています", en="It is flooding"),
    ),
    (
        Words("道が通れない", "道が通れない", "Road blocked"),
        Words("道が通れません", en="The road is blocked"),
    ),
    (
        Words("けが人がいる", "けが人がいる", "Someone is hurt"),
        Words("けが人がいます", en="Someone is hurt"),
    ),
    (
        Words("停電・断水", "停電・断水", "No power or water"),
        Words("停電または断水しています", en="We have no power or water"),
    ),
)


def place_words(place: Place, to: Language) -> str:
    """「国領町三丁目の付近（およそ300mの範囲）」, or that the place is not known yet."""
    if to is Language.JA:
        return place_name(place)
    if place.point is None:
        unsure = Words(
            "", "{}（地図《ちず》の どこかは まだ わかりません）", "{} (not yet found on the map)"
        )
        unknown = Words("", "まだ わかりません", "not known yet")
        return unsure.written(to).format(place.label) if place.label else unknown.written(to)
    if place.accuracy is Accuracy.PIN:
        return place.label or Words(
            "", "おくって くれた 場所《ばしょ》", "the position you sent"
        ).written(to)
    near = Words("", "{} の 近《ちか》く（{}くらい）", "near {} (within about {})")
    return near.written(to).format(place.label, round_radius(place.radius_m))


def received(
    to: Language, number: str, categories: Iterable[str], place: Place, *, danger: bool
) -> Outgoing:
    """The acknowledgement of a report whose place is known well enough."""
    return Outgoing(_received(to, number, categories, place, danger))


def received_ask_place(
    to: Language, number: str, categories: Iterable[str], place: Place, *, danger: bool
) -> Outgoing:
    """The acknowledgement that asks for the place."""
    text = _received(to, number, categories, place, danger)
    return Outgoing(f"{text}\n\n{ASK_PLACE.written(to)}", place_buttons(to))


def received_confirm_place(
    to: Language, number: str, categories: Iterable[str], place: Place, *, danger: bool
) -> Outgoing:
    """The acknowledgement that proposes a place and asks whether it is right."""
    ask = Words(
        "この場所で合っていますか。ちがうときは、住所や近くの建物の名前を送ってください。",
        "この 場所《ばしょ》で いいですか。ちがう ときは、住所《じゅうしょ》か 近《ちか》くの "
        "建物《たてもの》の 名前《なまえ》を おくって ください。",
        "Is this the right place? If not, send the address or the name of a building nearby.",
    )
    text = f"{_received(to, number, categories, place, danger)}\n\n{ask.written(to)}"
    return Outgoing(text, (_button(YES, to), _button(NO, to), place_buttons(to)[0]))


def _received(
    to: Language, number: str, categories: Iterable[str], place: Place, danger: bool
) -> str:
    comma = ", " if to is Language.EN else "、"
    needs = comma.join(NEEDS[Category(category)].written(to) for category in categories)
    text = Words(
        "受け付けました。受付番号は {number} です。\n内容：{needs}\n場所：{place}\n"
        "職員が確認します。まちがいがあれば、このまま続けて送ってください。",
        "うけとりました。番号《ばんごう》は {number} です。"
        "\nこと：{needs}\n場所《ばしょ》：{place}\n"
        "役所《やくしょ》の 人《ひと》が 見《み》ます。ちがう ときは、もう一度《いちど》 "
        "おくって ください。",
        "Received. Your number is {number}.\nMatter: {needs}\nPlace: {place}\n"
        "Staff will check it. If something is wrong, just go on writing here.",
    )
    said = text.written(to).format(number=number, needs=needs, place=place_words(place, to))
    return f"{DANGER.written(to)}\n\n{said}" if danger else said


def place_taken(to: Language, number: str, place: Place, *, danger: bool) -> Outgoing:
    """The place was understood; who is in danger is told whom to call, however often."""
    text = Words(
        "ありがとうございます。受付番号 {number} の場所を「{place}」にしました。",
        "ありがとうございます。番号《ばんごう》 {number} の 場所《ばしょ》を「{place}」に "
        "しました。",
        "Thank you. The place of number {number} is now: {place}.",
    )
    said = text.written(to).format(number=number, place=place_words(place, to))
    return Outgoing(f"{DANGER.written(to)}\n\n{said}" if danger else said)


def place_still_unknown(to: Language) -> Outgoing:
    """The answer named no place that we know; one more try."""
    text = Words(
        "場所がわかりませんでした。「布田5丁目」のような町の名前か、近くの学校・駅・お店の名前を"
        "送ってください。わからなければ「場所がわからない」と送ってください。",
        "場所《ばしょ》が わかりませんでした。「布田5丁目」の ような 町《まち》の "
        "名前《なまえ》か、"
        "近《ちか》くの 学校《がっこう》・駅《えき》・店《みせ》の 名前《なまえ》を おくって "
        "ください。",
        "We could not find that place. Send a block such as 布田5丁目, or the name of a school, "
        "station or shop nearby. If you do not know, press “I don't know where”.",
    )
    return Outgoing(text.written(to), place_buttons(to))


def place_given_up(to: Language, phone: str) -> Outgoing:
    """Staff will find out the place."""
    text = Words(
        "わかりました。職員が確認し、必要があればこちらからおたずねします。",
        "わかりました。役所《やくしょ》の 人《ひと》が しらべます。",
        "All right. Staff will find out, and ask you if needed.",
    )
    call = Words(
        "お急ぎのときは {} にお電話ください。",
        "いそぐ ときは {} に 電話《でんわ》して ください。",
        " If it is urgent, call {}.",
    )
    return Outgoing(text.written(to) + (call.written(to).format(phone) if phone else ""))


def photo_added(to: Language, number: str) -> Outgoing:
    """A photo joined a report."""
    text = Words(
        "写真を受け取りました。受付番号 {} に加えました。",
        "写真《しゃしん》を うけとりました。番号《ばんごう》は {} です。",
        "Photo received and added to number {}.",
    )
    return Outgoing(text.written(to).format(number))


def photo_first(to: Language, number: str) -> Outgoing:
    """A photo came without words."""
    text = Words(
        "写真を受け取りました。受付番号は {} です。",
        "写真《しゃしん》を うけとりました。番号《ばんごう》は {} です。",
        "Photo received. Your number is {}. ",
    )
    return Outgoing(text.written(to).format(number) + ASK_WHAT.written(to), what_buttons(to))


def pin_first(to: Language, number: str) -> Outgoing:
    """A position came without words."""
    text = Words(
        "場所を受け取りました。受付番号は {} です。",
        "場所《ばしょ》を うけとりました。番号《ばんごう》は {} です。",
        "Position received. Your number is {}. ",
    )
    return Outgoing(text.written(to).format(number) + ASK_WHAT.written(to), what_buttons(to))


def say_it_in_words(to: Language) -> Outgoing:
    """Something came that is no answer: a button of another conversation, say."""
    text = Words(
        "内容を受け取れませんでした。文章か、写真、位置情報で送ってください。",
        "うけとれませんでした。文《ぶん》か、写真《しゃしん》か、場所《ばしょ》を おくって "
        "ください。",
        "We could not take that. Please send words, a photo or your location.",
    )
    return Outgoing(text.written(to))


def photo_refused(to: Language, why: str) -> Outgoing:
    """The photo could not be kept; the words were. ``why`` is Japanese, from ``kernel.files``."""
    text = Words(
        "{} 文章でも受け付けています。",
        "写真《しゃしん》は うけとれませんでした（{}）。文《ぶん》で おくって ください。",
        "We could not take the photo ({}). You can tell us in words.",
    )
    return Outgoing(text.written(to).format(why))


def heard(to: Language, town: str, phone: str) -> Outgoing:
    """Thanks for words on which nobody needs to act; a person can still be reached."""
    text = Words(
        "{}です。メッセージを受け取りました。災害や困りごとのお知らせは、「どこで」「何が」"
        "起きているかを、そのまま送ってください。写真や位置情報も送れます。",
        "{} です。メッセージを うけとりました。こまった ときは、「どこで」「何《なに》が」 "
        "あったかを "
        "おくって ください。写真《しゃしん》や 場所《ばしょ》も おくれます。",
        "This is {}. We received your message. If something has happened, tell us what and where. "
        "You can also send a photo or your location.",
    )
    call = Words(
        "職員と話したいときは {} へお電話ください。",
        "話《はな》したい ときは {} に 電話《でんわ》して ください。",
        " To talk to somebody call {}.",
    )
    said = text.written(to).format(town)
    return Outgoing(said + (call.written(to).format(phone) if phone else ""))


def place_buttons(to: Language) -> tuple[QuickReply, QuickReply]:
    """Two ways to answer where it is."""
    return QuickReply(ReplyKind.LOCATION, SEND_LOCATION.plain(to)), _button(UNKNOWN_PLACE, to)


def what_buttons(to: Language) -> tuple[QuickReply, ...]:
    """The most common matters at one touch."""
    return tuple(
        QuickReply(ReplyKind.TEXT, label.plain(to), said.plain(to)) for label, said in _WHAT
    )


def _button(words: Words, to: Language) -> QuickReply:
    return QuickReply(ReplyKind.TEXT, words.plain(to), words.plain(to))
