"""The reception: greets, changes the language, and answers what no service took."""

from madoguchi.kernel.messages.data import EventKind, Outgoing, QuickReply, ReplyKind
from madoguchi.kernel.messages.router import Bid, Listener
from madoguchi.kernel.messages.turn import Turn
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns.models import Town
from madoguchi.ui.words import Language, Words

SCORE = 0.05  # lower than any service that has a reason

LANGUAGES = {
    **dict.fromkeys(("日本語", "にほんご", "japanese"), Language.JA),
    **dict.fromkeys(("やさしい日本語", "やさしいにほんご", "easy japanese"), Language.EASY),
    **dict.fromkeys(("english", "英語", "えいご", "イングリッシュ"), Language.EN),
}
CHANGED = Words(
    "これからは日本語でお答えします。",
    "これからは やさしい 日本語《にほんご》で 答《こた》えます。",
    "From now on we answer in English.",
)
WELCOME = Words(
    "{town}です。登録ありがとうございます。\n"
    "災害や町の困りごとを見つけたら、「どこで」「何が」起きているかを、そのまま送ってください。"
    "写真や位置情報も送れます。職員が確認し、結果をお知らせします。\n"
    "命の危険があるときは、先に119番か110番に電話してください。{phone}",
    "{town} です。こまった ことが あったら、「どこで」「何《なに》が」 あったかを おくって "
    "ください。"
    "写真《しゃしん》や 場所《ばしょ》も おくれます。\n命《いのち》が あぶない ときは、"
    "先《さき》に "
    "119か 110に 電話《でんわ》して ください。{phone}",
    "This is {town}. If you see damage or need help, tell us what and where. You can also send a "
    "photo or your location. Staff will check it and answer.\n"
    "If a life is in danger, first call 119 or 110. {phone}",
)
GROUP_WELCOME = Words(
    "{town}です。このグループから送られた災害や困りごとの知らせを、職員が受け取ります。"
    "命の危険があるときは、先に119番か110番に電話してください。",
)
HOW_TO = Words(
    "{town}です。メッセージを受け取りました。ご用件は文章で送ってください。災害や困りごとは、"
    "「どこで」「何が」起きているかを書いてください。写真や位置情報も送れます。{phone}",
    "{town} です。メッセージを うけとりました。こまった ことは、「どこで」「何《なに》が」 "
    "あったかを "
    "書《か》いて ください。写真《しゃしん》や 場所《ばしょ》も おくれます。{phone}",
    "This is {town}. We received your message. Please write what you need; of damage or danger, "
    "tell us what and where. You can also send a photo or your location. {phone}",
)
CALL_FIRST = Words(
    "命の危険があるときは、いますぐ119番か110番に電話してください。\n",
    "命《いのち》が あぶない ときは、いますぐ 119か 110に 電話《でんわ》して ください。\n",
    "If a life is in danger, call 119 or 110 now.\n",
)
CALL_LAST = Words(
    "命の危険があるときは、119番か110番です。",
    "命《いのち》が あぶない ときは、119か 110です。",
    " If a life is in danger: 119 or 110.",
)
TURNED_AWAY = Words(
    "{town}です。この窓口では、いま「{what}」を受け付けていません。メッセージは保存しましたが、"
    "すぐには見られないことがあります。お急ぎのときは、役所に電話してください。{phone}",
    "{town} です。いま「{what}」は うけつけて いません。メッセージは のこして あります。"
    "いそぐ ときは、役所《やくしょ》に 電話《でんわ》して ください。{phone}",
    "This is {town}. “{what}” is not handled here at the moment. Your message was kept but may not "
    "be seen soon. If it is urgent, call the town office. {phone}",
)
PHONE = Words(
    "電話番号は {} です。",
    "電話番号《でんわばんごう》は {} です。",
    "Telephone: {}.",
)


class Reception(Listener):
    """Takes follows, joined groups, stickers and words that nobody else wants."""

    name = "reception"
    title = "総合受付"

    def claims(self, turn: Turn) -> str | None:
        """The name of a language alone asks to be answered in it."""
        return "ことばの選択です" if _asked_language(turn) else None

    def bid(self, turn: Turn) -> Bid | None:
        """Always ready, never eager."""
        return Bid(SCORE, "ほかに受け持つ窓口がありませんでした")

    def handle(self, turn: Turn) -> None:
        """Say what the town can do here."""
        if (asked := _asked_language(turn)) is not None:
            people.speak(turn.contact, asked.value)
            turn.say(Outgoing(CHANGED.written(asked)))
            return
        town, to = towns.here(), Language(turn.contact.language)
        if turn.turned_away:
            turn.say(_turned_away(town, turn, to))
            return
        match turn.incoming.kind:
            case EventKind.UNFOLLOW | EventKind.LEAVE:
                return
            case EventKind.OTHER if not turn.incoming.reply_token:
                return  # nobody spoke to us: an unsent message, or a chat held by another system
            case EventKind.FOLLOW:
                turn.say(Outgoing(_filled(WELCOME, town, to), _language_buttons()))
            case EventKind.JOIN:
                turn.say(Outgoing(_filled(GROUP_WELCOME, town, to)))
            case _:
                turn.say(Outgoing(_filled(HOW_TO, town, to)))


def _asked_language(turn: Turn) -> Language | None:
    if turn.incoming.kind is not EventKind.TEXT:
        return None
    return LANGUAGES.get(" ".join(turn.incoming.text.split()).lower().rstrip("。.!！"))


def _turned_away(town: Town, turn: Turn, to: Language) -> Outgoing:
    """The service is off: nobody watches for such messages, and the sender must know."""
    said = TURNED_AWAY.written(to).format(
        town=town.name, what=turn.turned_away, phone=_phone(town, to)
    )
    if turn.danger:
        return Outgoing(CALL_FIRST.written(to) + said)
    return Outgoing(said + CALL_LAST.written(to))


def _filled(words: Words, town: Town, to: Language) -> str:
    return words.written(to).format(town=town.name, phone=_phone(town, to)).strip()


def _phone(town: Town, to: Language) -> str:
    return PHONE.written(to).format(town.contact_phone) if town.contact_phone else ""


def _language_buttons() -> tuple[QuickReply, ...]:
    names = (Language.EASY.own_name, Language.EN.own_name)
    return tuple(QuickReply(ReplyKind.TEXT, name, name) for name in names)
