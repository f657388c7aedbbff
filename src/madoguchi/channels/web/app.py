"""The resident's pages as an app: what it is called, how it looks, what it keeps for bad days."""

import json

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from madoguchi.channels.web import icons
from madoguchi.kernel.towns.middleware import TownRequest
from madoguchi.ui.cache import public_page
from madoguchi.ui.words import Language, Words, language_of

KEPT_PAGES = ("home", "channels_web:conversation", "shelters", "contacts", "help", "about")
"""What a device keeps to show without a connection; never a page of staff."""
SIZES = (192, 512)
TOUCH_SIZE = 180
THEME, GROUND = "#0017c1", "#ffffff"
DAY_S = 24 * 60 * 60
NAME = Words("{}の窓口", "{}の 窓口", "{} town services")
ABOUT = Words(
    "災害や困りごとを町に知らせ、避難所と電話番号をさがせます。通信できないときも使えます。",
    "こまった ことを 町に 知らせます。にげる 場所と 電話番号が わかります。",
    "Tell the town about a disaster, find shelters and telephone numbers. Works offline.",
)
SHORTCUTS = (
    (Words("知らせる", "知らせる", "Report"), "channels_web:conversation"),
    (Words("避難所", "にげる 場所", "Shelters"), "shelters"),
    (Words("電話", "電話", "Telephone"), "contacts"),
)
OFFLINE = Words(
    "いまは通信できません。{time}に保存した内容です。",
    "いま 通信《つうしん》が できません。{time}の ページです。",
    "No connection now. This page was saved at {time}.",
)
NO_SEARCH = Words(
    "さがすことは、通信が戻ってからできます。",
    "さがす ことは 通信《つうしん》が できる ときに して ください。",
    "Searching will work again when the connection is back.",
)


@require_safe
@public_page
def manifest(request: TownRequest) -> HttpResponse:
    """The Web App Manifest of the town, in the reader's language."""
    language, town = language_of(request), request.town
    described = {
        "id": "/",
        "name": NAME.plain(language).format(town.name),
        "short_name": town.name,
        "description": ABOUT.plain(language),
        "lang": language.html_lang,
        "dir": "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": GROUND,
        "icons": [
            {"src": static("ui/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(_icon("app:icon", size, "any") for size in SIZES),
            _icon("app:icon_mask", SIZES[-1], "maskable"),
        ],
        "shortcuts": [
            {"name": name.plain(language), "url": reverse(page)} for name, page in SHORTCUTS
        ],
    }
    return HttpResponse(
        json.dumps(described, ensure_ascii=False), content_type="application/manifest+json"
    )


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": reverse(name, args=[size]),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


@require_safe
def icon(request: TownRequest, size: int, *, mask: bool = False) -> HttpResponse:
    """The mark of the house as PNG, in the sizes that devices ask for."""
    if size not in (*SIZES, TOUCH_SIZE):
        raise Http404
    response = HttpResponse(icons.png(size, mask=mask), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={DAY_S}"
    return response


@require_safe
@public_page
def worker(request: TownRequest) -> HttpResponse:
    """The service worker: its settings, then its parts, whose addresses change with their content.

    Browsers ask for it at every visit. With ``MADOGUCHI_OFFLINE_PAGES=off`` it is one that takes
    itself and all saved pages off the device.
    """
    if not settings.OFFLINE_PAGES:
        script = _parts("retire.js")
    else:
        shell = {
            "version": getattr(staticfiles_storage, "manifest_hash", ""),
            "pages": [reverse(name) for name in KEPT_PAGES],
            "languages": "/language/",
            "statics": settings.STATIC_URL,
            "extras": [static("ui/town.svg")],
            "doors": {
                "ticket": reverse("channels_web:ticket"),
                "send": reverse("channels_web:send"),
            },
            "offline": {f"lang-{language}": OFFLINE.in_(language) for language in Language},
            "search": {f"lang-{language}": NO_SEARCH.in_(language) for language in Language},
        }
        text = json.dumps(shell, ensure_ascii=False)
        script = f"self.SHELL = {text};\n{_parts('queue.js', 'shell.js')}"
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    return response


def _parts(*names: str) -> str:
    addresses = json.dumps([static(f"channels_web/{name}") for name in names])
    return f"importScripts(...{addresses});\n"
