"""やってみる: how to use the platform, one picture a step, in three languages, to be printed too.

The pictures are real screens of a demonstration, taken by ``python -m scripts.pictures`` and kept
as ``static/web/howto/<language>/<guide>-<step>.webp``.
"""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.kernel.towns.middleware import TownRequest
from madoguchi.ui.cache import public_page
from madoguchi.ui.words import Language, Words, language_of

WIDTH = 390


@dataclass(frozen=True, slots=True)
class Guide:
    """One thing to do: its address, its title and what is done at each step."""

    key: str
    title: Words
    icon: str
    steps: tuple[Words, ...]


GUIDES = (
    Guide(
        "line",
        Words("LINEで知らせる", "LINEで 知《し》らせる", "Tell us by LINE"),
        "chat",
        (
            Words(
                "町のLINEを開き、起きていることと場所を書いて「送る」を押します。",
                "町《まち》の LINEに、何《なに》が どこで あったか 書《か》いて、おくります。",
                "Open the town's LINE account, write what is happening and where, and send it.",
            ),
            Words(
                "受付番号の入った返事がすぐ届きます。場所を聞かれたら、ボタンを押すか、文で答えます。",
                "すぐに 返事《へんじ》が 来《き》ます。"
                "場所《ばしょ》を 聞《き》かれたら、答《こた》えます。",
                "An answer with a number comes at once. If asked for the place, press the "
                "button or write it.",
            ),
            Words(
                "これで届きました。対応が決まると、同じところに知らせが来ます。",
                "とどきました。あとで また 返事《へんじ》が 来《き》ます。",
                "That is all. News of your report comes to the same place.",
            ),
        ),
    ),
    Guide(
        "web",
        Words(
            "ホームページから知らせる", "ホームページから 知《し》らせる", "Tell us on the website"
        ),
        "speak",
        (
            Words(
                "ホームの「災害・困りごとを知らせる」を押します。登録はいりません。",
                "はじめの ページの 青《あお》い ところを おします。",
                "Press “Report damage or ask for help” on the home page. No account is needed.",
            ),
            Words(
                "どこで何が起きているかを書き、「送る」を押します。",
                "何《なに》が どこで あったか 書《か》いて、「送《おく》る」を おします。",
                "Write what is happening and where, and press “Send”.",
            ),
            Words(
                "返事に受付番号が出ます。このページを開けば、続きが読めます。",
                "番号《ばんごう》が 出《で》ます。あとで この ページを 見《み》て ください。",
                "The answer shows your number. Open this page again to read what follows.",
            ),
        ),
    ),
    Guide(
        "photo",
        Words(
            "写真と場所を送る",
            "写真《しゃしん》と 場所《ばしょ》を おくる",
            "Send a photo and a place",
        ),
        "camera",
        (
            Words(
                "知らせるページで、住所や近くの建物の名前を書きます。",
                "住所《じゅうしょ》か、近《ちか》くの 建物《たてもの》の "
                "名前《なまえ》を 書《か》きます。",
                "On the page for reports write the address or the name of a building nearby.",
            ),
            Words(
                "「写真」のところを押し、撮るか選びます。近づいて撮らないでください。",
                "「写真《しゃしん》」を おして、えらびます。"
                "あぶない ところに 行《い》かないで ください。",
                "Press “Photo” and take or choose one. Do not go near any danger for it.",
            ),
            Words(
                "「送る」を押すと、文と写真が一緒に届きます。",
                "「送《おく》る」を おすと、とどきます。",
                "Press “Send”: words and photo arrive together.",
            ),
        ),
    ),
    Guide(
        "shelter",
        Words("避難所をさがす", "にげる 場所《ばしょ》を さがす", "Find a shelter"),
        "shelter",
        (
            Words(
                "ホームの「避難所・避難場所をさがす」を押します。",
                "はじめの ページの「にげる 場所《ばしょ》を さがす」を おします。",
                "Press “Find a shelter” on the home page.",
            ),
            Words(
                "いまいる住所を書き、「さがす」を押します。",
                "今《いま》 いる 住所《じゅうしょ》を 書《か》いて、「さがす」を おします。",
                "Write the address where you are, and press “Search”.",
            ),
            Words(
                "近い順に並びます。「逃」は、まず逃げる場所、「泊」は、しばらく泊まる場所です。",
                "近《ちか》い じゅんに 出《で》ます。",
                "The nearest come first, with what each is for.",
            ),
        ),
    ),
    Guide(
        "phone",
        Words("電話で知らせる", "電話《でんわ》で 知《し》らせる", "Tell us by telephone"),
        "phone",
        (
            Words(
                "命の危険があるときは、先に119か110に電話します。番号はすべてのページの上にあります。",
                "命《いのち》が あぶない ときは、まず 119か 110に 電話《でんわ》します。",
                "If life is in danger, call 119 or 110 first: the numbers top every page.",
            ),
            Words(
                "ほかのことは役所へ。番号を押すと、電話がかかります。場所、起きていること、電話番号を"
                "お聞きします。",
                "ほかの ことは 役所《やくしょ》に 電話《でんわ》します。"
                "番号《ばんごう》を おします。",
                "For anything else call the town office: press the number. We ask where, what, "
                "and your number.",
            ),
        ),
    ),
    Guide(
        "language",
        Words("ことばを変える", "ことばを かえる", "Change the language"),
        "people",
        (
            Words(
                "ページの上の「日本語」「やさしい日本語」「English」から選んで押します。",
                "ページの 上《うえ》で、ことばを えらんで おします。",
                "Choose one of the languages on top of the page and press it.",
            ),
            Words(
                "ページのことばが変わります。次に開いたときも同じことばです。",
                "ことばが かわります。つぎも おなじ ことばです。",
                "The page changes, and opens in that language next time too.",
            ),
        ),
    ),
)
BY_KEY = {guide.key: guide for guide in GUIDES}


def picture(guide: Guide, number: int, language: Language) -> str:
    """The static file of a step, counted from 1."""
    return f"web/howto/{language.value}/{guide.key}-{number}.webp"


@require_safe
@public_page
def index(request: TownRequest) -> HttpResponse:
    """All guides."""
    return render(request, "web/howto_index.html", {"guides": GUIDES})


@require_safe
@public_page
def page(request: TownRequest, guide: str) -> HttpResponse:
    """One guide, step by step."""
    if guide not in BY_KEY:
        raise Http404
    shown, language = BY_KEY[guide], language_of(request)
    steps = [
        {"words": words, "picture": picture(shown, number, language)}
        for number, words in enumerate(shown.steps, start=1)
    ]
    others = [other for other in GUIDES if other is not shown]
    context = {"guide": shown, "steps": steps, "others": others, "width": WIDTH}
    return render(request, "web/howto.html", context)
