"""What the help desk says, in the asker's language. Every text makes sense read aloud."""

from madoguchi.kernel.messages.data import Outgoing, QuickReply, ReplyKind
from madoguchi.services.helpdesk.data import Topic, When
from madoguchi.ui.words import Language, Words

TOPICS: dict[Topic, Words] = {
    Topic.LINE: Words("LINEで知らせる", "LINEで 知《し》らせる", "Reporting by LINE"),
    Topic.WEB: Words(
        "ホームページから知らせる", "ホームページから 知《し》らせる", "Reporting on the website"
    ),
    Topic.PHOTO: Words(
        "写真と場所を送る",
        "写真《しゃしん》と 場所《ばしょ》を おくる",
        "Sending a photo and a place",
    ),
    Topic.SHELTER: Words("避難所をさがす", "にげる 場所《ばしょ》を さがす", "Finding a shelter"),
    Topic.LANGUAGE: Words("ことばを変える", "ことばを かえる", "Changing the language"),
    Topic.SIZE: Words("文字を大きくする", "字《じ》を 大《おお》きく する", "Larger letters"),
    Topic.FAMILY: Words(
        "家族のために使う", "家族《かぞく》の ために 使《つか》う", "For my family"
    ),
    Topic.SIGN_IN: Words("ログイン・パスワード", "ログイン・パスワード", "Signing in"),
    Topic.OTHER: Words("そのほか・わからない", "ほかの こと", "Something else, not sure"),
}

WHENS: dict[When, Words] = {
    When.ANY: Words("いつでもよい", "いつでも いい", "Any time"),
    When.MORNING: Words("午前（9〜12時）", "午前《ごぜん》（9〜12時《じ》）", "Morning (9–12)"),
    When.AFTERNOON: Words(
        "午後（13〜17時）", "午後《ごご》（13〜17時《じ》）", "Afternoon (13–17)"
    ),
    When.EVENING: Words(
        "夕方（17〜19時）", "夕方《ゆうがた》（17〜19時《じ》）", "Evening (17–19)"
    ),
}

_TIPS: dict[Topic, Words] = {
    Topic.LINE: Words(
        "LINEでは、何が起きているかと場所を、この画面にそのまま書いて送るだけです。",
        "LINEでは、この 画面《がめん》に そのまま 書《か》いて おくって ください。",
        "In LINE, just write here what is happening and where, and send it.",
    ),
    Topic.WEB: Words(
        "ホームページの青い大きなボタン「災害・困りごとを知らせる」を押し、文を書いて「送る」を押します。",
        "ホームページの 青《あお》い ボタンを おして、書《か》いて、「送《おく》る」を おします。",
        "On the home page press the blue button, write, and press “Send”.",
    ),
    Topic.PHOTO: Words(
        "写真は、入力するところの横のカメラか「ファイルを選択」を押して選びます。場所は、住所や近くの"
        "建物の名前を文で書くだけでも伝わります。",
        "写真《しゃしん》は、カメラの 絵《え》か「ファイルを選択《せんたく》」を おします。"
        "場所《ばしょ》は、建物《たてもの》の 名前《なまえ》を 書《か》いて ください。",
        "For a photo, press the camera or “Choose file”. For the place, an address or the name of "
        "a building nearby is enough.",
    ),
    Topic.SHELTER: Words(
        "ホームページの「避難所・避難場所をさがす」で、住所を入れると近い順に並びます。",
        "ホームページの「にげる 場所《ばしょ》を さがす」に 住所《じゅうしょ》を 入《い》れます。",
        "On the website choose “Find a shelter” and enter an address: the nearest come first.",
    ),
    Topic.LANGUAGE: Words(
        "ホームページの右上で、日本語・やさしい日本語・Englishを選べます。",
        "ホームページの 右上《みぎうえ》で、ことばを えらびます。",
        "Choose the language at the top right of the website.",
    ),
    Topic.SIZE: Words(
        "文字は、端末の設定で大きくできます。ページはそのまま広がります。",
        "字《じ》は、スマホの「設定《せってい》」で 大《おお》きく できます。",
        "Letters can be made larger in the settings of your device; the pages follow.",
    ),
    Topic.FAMILY: Words(
        "ご家族のために使うときは「家族のために使う」と送ってください。ご本人の同意があれば、代わりに"
        "知らせたり、返事を受け取ったりできます。",
        "家族《かぞく》の ために 使《つか》う ときは「家族のために使う」と おくって ください。",
        "To act for a relative send 「家族のために使う」; they have to consent.",
    ),
    Topic.SIGN_IN: Words(
        "住民の方は、登録もパスワードもいりません。パスワードを聞かれたら、にせものかもしれません。",
        "パスワードは いりません。聞《き》かれたら、にせものかも しれません。",
        "Residents need no account and no password here. Whoever asks for one may be a fake.",
    ),
}

CALL_ME = "電話してほしい"
DID_IT = "自分でできました"
_BUTTONS = (
    (CALL_ME, Words(CALL_ME, "電話《でんわ》して ほしい", "Please call me")),
    (DID_IT, Words(DID_IT, "できました", "I managed it")),
)


def received(number: str, topic: Topic, phone: str, language: Language, *, call: bool) -> Outgoing:
    """We have it, what may help at once, and that a person answers."""
    parts = [
        Words(
            f"使い方の相談を受け付けました。受付番号は {number} です。",
            f"そうだんを 受《う》けました。番号《ばんごう》は {number} です。",
            f"We have your request for help. Its number is {number}.",
        )
    ]
    if topic in _TIPS:
        parts.append(_TIPS[topic])
    parts.append(CALL_COMES if call else PERSON_ANSWERS)
    if phone:
        parts.append(
            Words(
                f"お急ぎのときは、{phone} へお電話ください。",
                f"急《いそ》ぐ ときは {phone} に 電話《でんわ》して ください。",
                f"If it is urgent, call {phone}.",
            )
        )
    return Outgoing(_joined(parts, language), () if call else buttons(language))


PERSON_ANSWERS = Words(
    "このあと、職員がここにお返事します。電話で話したいときは「電話してほしい」を押してください。",
    "このあと、役所《やくしょ》の 人《ひと》が 返事《へんじ》を します。"
    "電話《でんわ》が いい ときは「電話《でんわ》して ほしい」を おして ください。",
    "A member of staff will answer you here. If you would rather talk, press “Please call me”.",
)
CALL_COMES = Words(
    "職員がお電話します。",
    "役所《やくしょ》の 人《ひと》が 電話《でんわ》します。",
    "A member of staff will call you.",
)
ASK_PHONE = Words(
    "お電話します。電話番号を送ってください。例：090-1234-5678",
    "電話《でんわ》します。電話番号《でんわばんごう》を おくって ください。",
    "We will call you. Please send your telephone number.",
)
NO_PHONE = Words(
    "電話番号を読み取れませんでした。数字で、市外局番から送ってください。例：042-000-0000",
    "番号《ばんごう》が わかりません。数字《すうじ》で 書《か》いて ください。例：042-000-0000",
    "We could not read a telephone number. Please send the digits with the area code.",
)
ASK_WHEN = Words(
    "いつお電話すればよいですか。",
    "いつ 電話《でんわ》を しますか。",
    "When shall we call?",
)
ADDED = Words(
    "受け取りました。相談に書き足しました。",
    "とどきました。そうだんに 書《か》きました。",
    "Received and added to your request.",
)
GLAD = Words(
    "できてよかったです。また困ったら、いつでも送ってください。",
    "よかったです。また いつでも おくって ください。",
    "Good to hear. Write again whenever you need help.",
)


def call_noted(phone: str, when: When, language: Language) -> Outgoing:
    """What was understood of the wish to be called."""
    words = Words(
        f"{phone} にお電話します（{WHENS[when].ja}）。市外局番の違う番号からかけることがあります。"
        "お金や暗証番号をおたずねすることはありません。",
        f"{phone} に 電話《でんわ》します（{WHENS[when].easy}）。"
        "お金《かね》や 暗証番号《あんしょうばんごう》は 聞《き》きません。",
        f"We will call {phone} ({WHENS[when].en}). We never ask for money or passwords.",
    )
    return Outgoing(words.plain(language))


def ask_when(language: Language) -> Outgoing:
    """The question for the time of the call, with a button for each."""
    buttons = tuple(
        QuickReply(ReplyKind.TEXT, words.plain(language), words.ja) for words in WHENS.values()
    )
    return Outgoing(ASK_WHEN.plain(language), buttons)


def when_in(text: str) -> When | None:
    """The time of day that an answer names, or None."""
    for when, words in WHENS.items():
        if text.strip() in (words.ja, words.plain(Language.EASY), words.en):
            return when
    for mark, when in (("午前", When.MORNING), ("午後", When.AFTERNOON), ("夕方", When.EVENING)):
        if mark in text:
            return when
    return When.ANY if "いつでも" in text else None


def buttons(language: Language) -> tuple[QuickReply, ...]:
    """What the asker can press under an answer."""
    return tuple(
        QuickReply(ReplyKind.TEXT, words.plain(language), value) for value, words in _BUTTONS
    )


def says(text: str, value: str) -> bool:
    """Whether ``text`` is the button of ``value``, pressed or typed in any language."""
    words = dict(_BUTTONS)[value]
    return text.strip() in {value, words.plain(Language.EASY), words.en}


def plain(words: Words, language: Language) -> Outgoing:
    """A text without buttons."""
    return Outgoing(words.plain(language))


def _joined(parts: list[Words], language: Language) -> str:
    return "\n".join(part.plain(language) for part in parts)
