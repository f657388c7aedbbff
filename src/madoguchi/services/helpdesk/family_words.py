"""What is said to relatives who act for somebody, and to those they act for."""

from madoguchi.ui.words import Words

HOW = Words(
    "家族のために使うには、ご本人の同意がいります。\n"
    "あなたのお名前と、どなたのために使うかを送ってください。例：山田花子、母の山田ハル",
    "家族《かぞく》の ために 使《つか》うには、本人《ほんにん》の「いいです」が いります。\n"
    "あなたの 名前《なまえ》と、だれの ためかを おくって ください。",
    "To act for a relative you need their consent.\n"
    "Please send your name and for whom you want to act.",
)
WAITS = Words(
    "申し込み番号は {number} です。ご本人が自分のLINEかホームページで「家族に任せる」を選ぶと、"
    "6けたの番号が届きます。その番号を聞いて、ここに送ってください。\n"
    "ご本人が使わないときは、申し込み番号を役所の窓口か電話でお伝えください。同意書で登録できます。",
    "番号《ばんごう》は {number} です。本人《ほんにん》が「家族に任せる」を えらぶと、"
    "6つの 数字《すうじ》が とどきます。その 数字《すうじ》を おくって ください。\n"
    "本人《ほんにん》が スマホを 使《つか》わない ときは、"
    "役所《やくしょ》に 言《い》って ください。",
    "Your request is {number}. When your relative chooses 「家族に任せる」 on their own LINE or "
    "website, six digits come to them. Ask them for the digits and send them here.\n"
    "If they use neither, tell the number at the town office or by telephone: "
    "consent on paper works too.",
)
CODE = Words(
    "家族に任せるための番号は {code} です（30分だけ使えます）。\n"
    "この番号を家族に伝えると、その人があなたの代わりに知らせたり、町からの返事を受け取ったりすることに"
    "同意したことになります。あなたのこれまでのやり取りは見えません。\n"
    "知らない人や、電話で番号を聞く人には、伝えないでください。役所の職員も聞きません。",
    "家族《かぞく》に 言《い》う 番号《ばんごう》は {code} です（30分《ぷん》だけ）。\n"
    "この 番号《ばんごう》を 言《い》うと、その 人《ひと》が あなたの かわりに 町《まち》に "
    "知《し》らせます。\n"
    "知《し》らない 人《ひと》には 言《い》わないで ください。",
    "Your digits are {code} (for 30 minutes).\n"
    "Telling them to a relative means that you consent: they may report for you and get the town's "
    "answers. They cannot see what you wrote before.\n"
    "Never tell them to strangers or on the telephone; staff never ask for them.",
)
BEGUN = Words(
    "{name}さんの代わりに使えるようになりました。1年で終わります。「代わりに知らせる」を選ぶと、"
    "そのあと1時間に送るものは{name}さんのこととして届きます。やめるときは「代理をやめる」と送ってください。",
    "{name}さんの かわりに 使《つか》えます。1年《ねん》で 終《お》わります。"
    "「代わりに知らせる」を おくってから、知《し》らせて ください。",
    "You can now act for {name}, for a year. Send 「代わりに知らせる」 first: what you send in the "
    "next hour is about {name}. Send 「代理をやめる」 to end it.",
)
GIVEN = Words(
    "{name}さんが、あなたの代わりに知らせることができるようになりました（1年間）。"
    "心当たりがないときや、やめるときは「代理をやめる」と送ってください。すぐに終わります。",
    "{name}さんが、あなたの かわりに 知《し》らせます（1年《ねん》）。"
    "やめる ときは「代理をやめる」と おくって ください。",
    "{name} can now report for you, for a year. To end it at once send 「代理をやめる」.",
)
ACTING = Words(
    "これから1時間に送るものは、{name}さんのこととして届きます。自分のことに戻すときは"
    "「自分のことに戻す」と送ってください。",
    "これから 1時間《じかん》は {name}さんの こととして とどきます。",
    "For the next hour what you send is about {name}. Send 「自分のことに戻す」 to go back.",
)
OWN_AGAIN = Words(
    "これから送るものは、あなたのこととして届きます。",
    "これからは あなたの こととして とどきます。",
    "What you send is about yourself again.",
)
ENDED = Words(
    "代理を終わりにしました。",
    "終《お》わりに しました。",
    "It has been ended.",
)
NONE = Words(
    "いま、代理の登録はありません。家族のために使うときは「家族のために使う」と送ってください。",
    "今《いま》は ありません。",
    "There is none at present. Send 「家族のために使う」 to begin.",
)


def filled(words: Words, **values: str) -> Words:
    """The text with its gaps filled in, in every language; the values stay as they are."""

    def fill(text: str) -> str:
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    return Words(fill(words.ja), fill(words.easy), fill(words.en))
