"""The phone in the browser; there is none outside a demonstration."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from madoguchi.channels.demo import stand_in, talk
from madoguchi.channels.demo.fake_line.server import FakeLine
from madoguchi.kernel.towns import current, pack
from madoguchi.kernel.towns.models import Town

LONGEST = 5000
PLACES = 12

View = Callable[[HttpRequest, FakeLine, str], HttpResponse]


def on_phone(view: View) -> Callable[..., HttpResponse]:
    """Give a view the running stand-in and a resident of it; 404 when there is none."""

    @wraps(view)
    def inner(request: HttpRequest, user: str) -> HttpResponse:
        line = stand_in.line()
        if line is None or user not in stand_in.residents():
            raise Http404
        return view(request, line, user)

    return inner


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first resident's phone."""
    if stand_in.line() is None:
        raise Http404
    return redirect("demo:phone", user=next(iter(stand_in.residents())))


@never_cache
@require_GET
@on_phone
def phone(request: HttpRequest, line: FakeLine, user: str) -> HttpResponse:
    """One resident's phone."""
    context = {
        **_shown(line, user),
        "residents": stand_in.residents().items(),
        "places": _places(),
        "following": line.ledger.people[user].following,
    }
    return render(request, "demo/phone.html", context)


@never_cache
@require_GET
@on_phone
def log(request: HttpRequest, line: FakeLine, user: str) -> HttpResponse:
    """The talk alone, for the page to refresh itself."""
    return render(request, "demo/log.html", _shown(line, user))


@require_POST
@on_phone
def send(request: HttpRequest, line: FakeLine, user: str) -> HttpResponse:
    """Whatever the resident does on the phone."""
    if photo := request.FILES.get("photo"):
        line.send_image(user, photo.read(), photo.content_type or "image/jpeg", wait=False)
    if text := request.POST.get("text", "").strip()[:LONGEST]:
        line.send_text(user, text, wait=False)
    if data := request.POST.get("postback", ""):
        line.send_postback(user, data, wait=False)
    if place := request.POST.get("place", ""):
        _send_place(line, user, place)
    if request.POST.get("follow"):
        line.follow(user, wait=False)
    if request.POST.get("block"):
        line.block(user, wait=False)
    return redirect("demo:phone", user=user)


def _send_place(line: FakeLine, user: str, place: str) -> None:
    """``place`` is "lat,lon" from the list or from the browser."""
    try:
        lat, lon = (float(part) for part in place.split(","))
    except ValueError:
        return
    if -90 <= lat <= 90 and -180 <= lon <= 180:
        line.send_location(user, lat, lon, title="送った場所", wait=False)


def _shown(line: FakeLine, user: str) -> dict[str, object]:
    bubbles = talk.bubbles(line, user)
    last = bubbles[-1] if bubbles else None
    buttons = last.buttons if last is not None and not last.mine else ()
    return {"user": user, "bubbles": bubbles, "buttons": buttons}


def _places() -> list[tuple[str, str]]:
    """A few places of the town to send: (value, name)."""
    known = pack.load(Town.objects.get(pk=current.town_id()).code)
    rows = [row for row in known.rows("places.csv") if row["lat"]]
    stations = [row for row in rows if row["kind"] == "station"]
    return [(f"{row['lat']},{row['lon']}", row["name"]) for row in (stations or rows)[:PLACES]]
