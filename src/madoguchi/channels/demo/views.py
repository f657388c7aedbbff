"""The phone in the browser; there is none outside a demonstration."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from madoguchi.channels.demo import places, stand_in, talk
from madoguchi.channels.demo.fake_line.server import FakeLine
from madoguchi.channels.demo.forms import PNG, PhoneForm
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import pack

View = Callable[..., HttpResponse]


def on_phone(view: View) -> View:
    """Give a view the running stand-in and a resident of it; 404 when there is none."""

    @wraps(view)
    def inner(request: HttpRequest, user: str, **rest: str) -> HttpResponse:
        running = stand_in.running()
        if running is None or user not in running.residents:
            raise Http404
        return view(request, running.line, user, **rest)

    return inner


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first resident's phone."""
    running = stand_in.running()
    if running is None:
        raise Http404
    return redirect("demo:phone", user=next(iter(running.residents)))


@never_cache
@require_GET
@on_phone
def phone(request: HttpRequest, line: FakeLine, user: str) -> HttpResponse:
    """One resident's phone."""
    return _page(request, line, user, PhoneForm(places=[p.name for p in _places()]))


@never_cache
@require_GET
@on_phone
def log(request: HttpRequest, line: FakeLine, user: str) -> HttpResponse:
    """The talk alone, for the page to refresh itself."""
    return render(request, "demo/log.html", _shown(line, user))


@never_cache
@require_GET
@on_phone
def photo(request: HttpRequest, line: FakeLine, user: str, message: str) -> HttpResponse:
    """A photo that the resident sent."""
    content = talk.photo(line, user, message)
    if content is None:
        raise Http404
    kind = "image/png" if content.data.startswith(PNG) else "image/jpeg"
    return HttpResponse(content.data, content_type=kind)


@require_POST
@on_phone
def send(request: HttpRequest, line: FakeLine, user: str) -> HttpResponse:
    """Whatever the resident does on the phone."""
    known = _places()
    form = PhoneForm(request.POST, request.FILES, places=[place.name for place in known])
    if not form.is_valid():
        return _page(request, line, user, form, status=422)
    does = form.cleaned_data["does"]
    if does == "follow":
        line.follow(user, wait=False)
    elif does == "block":
        line.block(user, wait=False)
    elif line.ledger.people[user].following:
        _speak(line, user, form.cleaned_data, known)
    else:
        form.add_error(None, "ブロックしているあいだは送れません。友だちに追加してください。")
        return _page(request, line, user, form, status=422)
    return redirect(reverse("demo:phone", args=[user]) + "#phone")


def _speak(line: FakeLine, user: str, said: dict[str, object], known: list[places.Place]) -> None:
    """Send what was entered, each part as the message of its own that LINE makes of it."""
    if isinstance(photo := said["photo"], bytes) and photo:
        line.send_image(user, photo, wait=False)
    if text := str(said["text"]):
        line.send_text(user, text, wait=False)
    if data := str(said["postback"]):
        line.send_postback(user, data, wait=False)
    lat, lon, chosen = said["lat"], said["lon"], said["place"]
    if isinstance(lat, float) and isinstance(lon, float):
        line.send_location(user, lat, lon, title="いまいる場所", wait=False)
    elif isinstance(chosen, int):
        place = known[chosen]
        line.send_location(user, place.lat, place.lon, title=place.name, wait=False)


def _page(
    request: HttpRequest, line: FakeLine, user: str, form: PhoneForm, status: int = 200
) -> HttpResponse:
    running = stand_in.running()
    context = {
        **_shown(line, user),
        "form": form,
        "residents": running.residents.items() if running else (),
        "name": line.ledger.people[user].name,
        "following": line.ledger.people[user].following,
    }
    return render(request, "demo/phone.html", context, status=status)


def _shown(line: FakeLine, user: str) -> dict[str, object]:
    bubbles = talk.bubbles(line, user)
    last = bubbles[-1] if bubbles else None
    buttons = last.buttons if last is not None and not last.mine else ()
    return {"user": user, "bubbles": bubbles, "buttons": buttons}


def _places() -> list[places.Place]:
    known = pack.load(towns.here().code)
    return places.to_send(known.rows("places.csv"))
