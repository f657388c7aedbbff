"""Error pages in Japanese: what happened, what to do next, whom to call. No query, no session."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from madoguchi.ui.words import Words, language_of


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an error page says."""

    title: Words
    text: Words
    next: Words


BAD_REQUEST = Trouble(
    Words(
        "送られた内容を受け取れませんでした",
        "うけとれませんでした",
        "We could not read this request",
    ),
    Words(
        "入力の形が正しくないか、大きすぎます。",
        "書《か》いた ものが 正《ただ》しくないか、大《おお》きすぎます。",
        "It was malformed or too large.",
    ),
    Words(
        "前の画面に戻り、写真を小さくするか文章を短くして、もう一度送ってください。",
        "前《まえ》の ページに もどって、もう一度《いちど》 おくって ください。",
        "Go back, use a smaller photo or a shorter text, and send it again.",
    ),
)
FORBIDDEN = Trouble(
    Words(
        "このページを見る権限がありません",
        "この ページは 見《み》られません",
        "You may not see this page",
    ),
    Words(
        "担当の課や役割によって、見られるページが決まっています。",
        "この ページは 決《き》まった 人《ひと》だけが 見《み》ます。",
        "Which pages open depends on your department and role.",
    ),
    Words(
        "職員の方は、ご自分の町の画面に入り直すか、管理者に役割の追加を頼んでください。",
        "はじめの ページに もどって ください。",
        "Staff: sign in to your own town, or ask your administrator for the role.",
    ),
)
NOT_FOUND = Trouble(
    Words("ページが見つかりません", "ページが ありません", "Page not found"),
    Words(
        "アドレスが違うか、ページが移ったか、公開が終わりました。",
        "この ページは 今《いま》 ありません。",
        "The address is wrong, or the page has moved or is no longer public.",
    ),
    Words(
        "ホームからお探しください。見つからないときは、お電話ください。",
        "はじめの ページから さがして ください。電話《でんわ》でも いいです。",
        "Please start from the home page, or call us.",
    ),
)
BROKEN = Trouble(
    Words(
        "システムの不具合で表示できません",
        "ページが こわれて います",
        "Something went wrong on our side",
    ),
    Words(
        "ご迷惑をおかけします。すでに受け付けた内容は保存されています。",
        "ごめんなさい。もう おくった ものは なくなりません。",
        "We are sorry. What we had already accepted from you is safe.",
    ),
    Words(
        "1分ほど待って、もう一度開いてください。お急ぎのときは、お電話ください。",
        "1分《ぷん》 まって、もう一度《いちど》 ひらいて ください。"
        "急《いそ》ぐ ときは 電話《でんわ》を して ください。",
        "Wait a minute and try again. If it is urgent, please call.",
    ),
)
FORM_EXPIRED = Trouble(
    Words(
        "画面を開いてから時間がたちました", "時間《じかん》が たちました", "This form has expired"
    ),
    Words(
        "安全のため、送信を止めました。内容はまだ届いていません。",
        "まだ とどいて いません。",
        "For your safety we stopped it. It has not reached us yet.",
    ),
    Words(
        "前の画面に戻って読み込み直し、もう一度送ってください。"
        "くり返すときは、ブラウザーのクッキーを許可してください。",
        "前《まえ》の ページに もどって、もう一度《いちど》 おくって ください。",
        "Go back, reload the page and send it again. "
        "If this keeps happening, allow cookies in your browser.",
    ),
)


def show(request: HttpRequest, trouble: Trouble, status: int) -> HttpResponse:
    """The error page; works without a town, a session or a database."""
    town = getattr(request, "town", None)
    html = render_to_string(
        "web/error.html",
        {
            "trouble": trouble,
            "status": status,
            "language": language_of(request),
            "town": town,
            "drill": bool(town and town.settings.get("drill")),
        },
    )
    return HttpResponse(html, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400"""
    return show(request, BAD_REQUEST, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403"""
    return show(request, FORBIDDEN, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404"""
    return show(request, NOT_FOUND, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500"""
    return show(request, BROKEN, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token; ``reason`` is Django's, for logs only."""
    return show(request, FORM_EXPIRED, 403)
