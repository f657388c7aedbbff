"""The doors of a device that kept messages while it had no connection.

A device asks ``ticket`` first: it gets a fresh token against forged requests, and its key before
anything is sent, so that an answer that is lost on the way costs nobody the conversation. Then it
sends each message to ``send`` until that says ``stored``; a repetition is answered the same. With
each message it keeps the ``claim`` of its ticket: browsers write cookies late, and one that was
killed may know its messages and no longer its key.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from madoguchi.channels.web import device, limits, taking
from madoguchi.channels.web.forms import MessageForm
from madoguchi.channels.web.written import written_at
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.ui.words import Words, language_of

PHOTO_LOST = Words(
    "写真は受け取れませんでした。JPEG・PNG・WebP、20MBまでの写真を、もう一度送ってください。",
    "写真は とどいて いません。もう一度 おくって ください。",
    "The photo did not arrive. Please send a JPEG, PNG or WebP of up to 20 MB.",
)
TRY_LATER_S = 30


@never_cache
@require_GET
def ticket(request: HttpRequest) -> HttpResponse:
    """A token for the next messages; the key of the device is made or renewed."""
    key = device.known(request) or device.new_key()
    response = JsonResponse({"token": get_token(request), "claim": device.claim_of(key)})
    device.remember(request, response, key)
    return response


@never_cache
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take one message: 200 when it is stored, now or before.

    409 asks for a new ``ticket`` (no key), 422 says what the sender has to change, 429 and 503
    ask to come again after ``Retry-After`` seconds. A photo that is refused does not hold back
    the words: ``photo`` then says why.
    """
    key, now = _sender(request), clock.now()
    if not limits.allowed(request, key, now.timestamp()):
        return _later(429, limits.TOO_MANY.plain(language_of(request)), limits.WINDOW_S)
    form = MessageForm(request.POST, request.FILES, language=language_of(request))
    if not form.is_valid():
        return _refused(" ".join(str(e) for errors in form.errors.values() for e in errors))
    if key is None:
        return JsonResponse({"stored": False}, status=409)
    if known := taking.stored(form.cleaned_data["once"], key):
        lost = form.cleaned_data["photo"] and known.file_id is None
        return _stored(request, key, PHOTO_LOST.plain(language_of(request)) if lost else "")
    return _keep(request, form, key, now)


@never_cache
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """The device gives its key back; what the town has received stays with the town."""
    response = redirect("channels_web:conversation")
    device.forget(response)
    return response


def _sender(request: HttpRequest) -> str | None:
    """The key under which the message was first tried, else that of the cookie."""
    return device.claimed(request.POST.get("claim", "")) or device.known(request)


def _keep(request: HttpRequest, form: MessageForm, key: str, now: datetime) -> HttpResponse:
    file_key = note = ""
    if photo := form.cleaned_data["photo"]:
        try:
            file_key = str(files.accept(photo.read()).key)
        except files.FileRefused as refused:
            if refused.retry:
                return _later(503, str(refused), TRY_LATER_S)
            if not (form.words() or form.point()):
                return _refused(str(refused))
            note = str(refused)
    sent_at = written_at(request.POST.get("written", ""), request.POST.get("sending", ""), now)
    taking.take(form, key, file_key, sent_at)
    return _stored(request, key, note)


def _stored(request: HttpRequest, key: str, photo: str) -> HttpResponse:
    response = JsonResponse({"stored": True, "once": request.POST["once"], "photo": photo})
    known = device.known(request)
    if known is None or not taking.has_spoken(known):
        device.remember(request, response, key)
    return response


def _refused(error: str) -> HttpResponse:
    return JsonResponse({"stored": False, "error": error}, status=422)


def _later(status: int, error: str, seconds: int) -> HttpResponse:
    response = JsonResponse({"stored": False, "error": error}, status=status)
    response["Retry-After"] = str(seconds)
    return response
