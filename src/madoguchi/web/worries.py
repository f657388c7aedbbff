"""心配ごとへの答え: one plain answer to each of the five worries that the residents' survey names.

The worries are those of 図表133 to 137 of the report (60 % or more share them in every region and
age): a wider gap of information, and troubles with information, systems, money and people.
"""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.kernel.towns.middleware import TownRequest
from madoguchi.ui.cache import public_page
from madoguchi.ui.words import Words


@dataclass(frozen=True, slots=True)
class Worry:
    """A worry as the report names it, as a resident would ask, and the answer."""

    key: str
    name: Words
    question: Words
    answer: Words
    facts: tuple[Words, ...]


WORRIES = (
    Worry(
        "gap",
        Words(
            "情報格差の拡大",
            "使《つか》える 人《ひと》と 使《つか》えない 人《ひと》の ちがい",
            "A wider information gap",
        ),
        Words(
            "スマートフォンが苦手な人が取り残されませんか。",
            "スマートフォンが なくても いいですか。",
            "Will people without a smartphone be left behind?",
        ),
        Words(
            "取り残しません。電話と窓口はなくしません。",
            "はい。電話《でんわ》と 役所《やくしょ》の 窓口《まどぐち》は なくなりません。",
            "No. The telephone and the counter stay.",
        ),
        (
            Words(
                "電話や窓口で聞いたことも、職員が同じ仕組みに入れます。順番も扱いも同じです。",
                "電話《でんわ》で 話《はな》しても、おなじように します。",
                "What you say by telephone or at the counter is entered in the same system and "
                "treated alike.",
            ),
            Words(
                "使い方の相談に、職員が電話か文でお答えします。",
                "使《つか》いかたは、役所《やくしょ》の 人《ひと》が 教《おし》えます。",
                "Staff help you use it, by telephone or in writing.",
            ),
            Words(
                "本人の同意があれば、家族が代わりに使えます。お返事を手紙で受け取ることもできます。",
                "家族《かぞく》が かわりに 使《つか》えます。"
                "返事《へんじ》は 手紙《てがみ》でも いいです。",
                "With your consent your family can use it for you. Answers can come by letter.",
            ),
        ),
    ),
    Worry(
        "information",
        Words("情報トラブル", "じょうほうの トラブル", "Trouble with information"),
        Words(
            "個人情報が漏れたり、うその情報が広まったりしませんか。",
            "わたしの ことを ほかの 人《ひと》が 見《み》ませんか。",
            "Could my data leak, or false news spread?",
        ),
        Words(
            "担当の職員だけが見られ、見たことはすべて記録に残ります。",
            "役所《やくしょ》の 人《ひと》だけが 見《み》ます。見《み》た ことは のこります。",
            "Only responsible staff can see what you send, and every look is recorded.",
        ),
        (
            Words(
                "名前も登録もいりません。電話番号は、電話がほしいときだけ書いてください。",
                "名前《なまえ》は いりません。",
                "No name and no account is needed.",
            ),
            Words(
                "広告や、外部の会社による計測は使いません。内容を外部の人工知能サービスに送りません。",
                "ほかの 会社《かいしゃ》に おくりません。",
                "No advertising or outside tracking; nothing is sent to outside AI services.",
            ),
            Words(
                "うその疑いがある知らせには印を付け、職員が確かめるまで公開しません。",
                "うそかも しれない ものは、役所《やくしょ》が たしかめます。",
                "Doubtful reports are marked, and not published before staff have checked them.",
            ),
            Words(
                "消してほしいときは、窓口か電話で申し出てください。",
                "けして ほしい ときは、役所《やくしょ》に 言《い》って ください。",
                "To have your data erased, ask at the counter or by telephone.",
            ),
        ),
    ),
    Worry(
        "system",
        Words("システムトラブル", "システムの トラブル", "Trouble with the system"),
        Words(
            "災害や故障で止まりませんか。",
            "止《と》まりませんか。",
            "Could it stop in a disaster or break down?",
        ),
        Words(
            "止まることはあります。そのときも、受け付けた内容は失われません。",
            "止《と》まる ことも あります。でも おくった ものは なくなりません。",
            "It can stop. What we have accepted from you is not lost even then.",
        ),
        (
            Words(
                "保存してから「受け付けました」とお返事します。途中で止まっても、続きから処理します。",
                "おくった ものを しまってから、返事《へんじ》を します。",
                "We store your message before we answer, and go on where we stopped.",
            ),
            Words(
                "使えないときは、このページの一番上に「停止のお知らせ」と、代わりの方法を出します。",
                "使《つか》えない ときは、ページの 上《うえ》に 書《か》きます。",
                "When something does not work, every page says so on top, with the other ways.",
            ),
            Words(
                "命の危険があるときは、使えるかどうかにかかわらず、先に119か110に電話してください。",
                "命《いのち》が あぶない ときは、まず 119か 110に 電話《でんわ》して ください。",
                "If life is in danger, call 119 or 110 first, whether this works or not.",
            ),
        ),
    ),
    Worry(
        "money",
        Words("金融トラブル", "お金《かね》の トラブル", "Trouble with money"),
        Words(
            "お金をだまし取られませんか。",
            "お金《かね》を とられませんか。",
            "Could I be cheated of money?",
        ),
        Words(
            "この窓口が、お金、暗証番号、口座番号をお聞きすることはありません。",
            "ここでは、お金《かね》や 暗証番号《あんしょうばんごう》は 聞《き》きません。",
            "Here you are never asked for money, passwords or account numbers.",
        ),
        (
            Words(
                "求められたら、にせものです。返事をせず、警察（#9110）か役所にお電話ください。",
                "聞《き》かれたら、にせものです。"
                "警察《けいさつ》（#9110）に 電話《でんわ》して ください。",
                "If someone asks, it is a fake: do not answer, call the police (#9110) or us.",
            ),
            Words(
                "使うのは無料です。通信の料金は、ご契約の会社のとおりです。",
                "お金《かね》は いりません。",
                "It is free to use; your own connection costs what it always does.",
            ),
            Words(
                "町のLINEやアドレスは、役所のポスターやチラシで確かめられます。",
                "ほんものの LINEは、役所《やくしょ》の ポスターで 見《み》て ください。",
                "Check the town's true LINE account and address on its posters and leaflets.",
            ),
        ),
    ),
    Worry(
        "people",
        Words(
            "人的トラブル",
            "ほかの 人《ひと》との トラブル",
            "Trouble between people",
        ),
        Words(
            "知らせたことで、近所の人などともめませんか。",
            "知《し》らせると、ほかの 人《ひと》と けんかに なりませんか。",
            "Could reporting cause trouble with neighbours?",
        ),
        Words(
            "だれが知らせたかは公開しません。相手にも伝えません。",
            "だれが 知《し》らせたかは 言《い》いません。",
            "We never publish or tell anybody who reported.",
        ),
        (
            Words(
                "公開するのは、職員が確かめた場所と状況だけです。",
                "みんなに 見《み》せるのは、場所《ばしょ》と ようすだけです。",
                "Only the place and the situation that staff have checked are published.",
            ),
            Words(
                "家族が代わりに使うときは、本人の同意がいります。本人も家族も、いつでもやめられます。",
                "家族《かぞく》が 使《つか》う ときは、"
                "本人《ほんにん》が「いいです」と 言《い》います。",
                "Family may act for somebody only with consent, and both may end it at any time.",
            ),
            Words(
                "困ったことがあれば、役所にお電話ください。",
                "こまったら、役所《やくしょ》に 電話《でんわ》して ください。",
                "If there is trouble, please call us.",
            ),
        ),
    ),
)


@require_safe
@public_page
def page(request: TownRequest) -> HttpResponse:
    """The five worries, each answered."""
    return render(request, "web/worries.html", {"worries": WORRIES})
