"""The conversation page: works without JavaScript, and by itself with it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from madoguchi.channels.web import device, limits, taking
from madoguchi.channels.web.forms import MessageForm
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import outbox
from madoguchi.kernel.messages.data import QuickReply
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.ui.words import language_of

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the conversation as the page shows it."""

    mine: bool
    at: datetime
    text: str
    photo_key: str = ""
    has_point: bool = False
    waiting: bool = False
    quick_replies: tuple[QuickReply, ...] = ()


@never_cache
@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest) -> HttpResponse:
    """Show the conversation of this device, or take a message into it."""
    if request.method == "POST":
        return _take(request)
    key = device.known(request)
    response = _page(request, MessageForm(language=language_of(request)), key)
    # Before anything is sent, so that a lost answer does not part the device from its words.
    device.remember(request, response, key or device.new_key())
    return response


@never_cache
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """The lines alone, for the page to refresh itself."""
    talk = _talk(device.known(request))
    response = render(request, "channels_web/log.html", talk)
    response["X-Talk-Version"] = str(talk["version"])
    return response


def _take(request: HttpRequest) -> HttpResponse:
    key = device.known(request)
    form = MessageForm(request.POST, request.FILES, language=language_of(request))
    now = clock.now().timestamp()
    if not limits.allowed(request, key, now):
        form.full_clean()
        form.add_error(None, limits.TOO_MANY.plain(language_of(request)))
        return _page(request, form, key, status=429)
    if not form.is_valid():
        return _page(request, form, key, status=422)
    key = key or device.new_key()
    if not taking.stored(form.cleaned_data["once"], key):
        file_key = ""
        if photo := form.cleaned_data["photo"]:
            try:
                file_key = str(files.accept(photo.read()).key)
            except files.FileRefused as refused:
                form.add_error("photo", str(refused))
                return _page(request, form, key, status=422)
        taking.take(form, key, file_key, clock.now())
    response = redirect("channels_web:conversation")
    device.remember(request, response, key)
    return response


def _page(
    request: HttpRequest, form: MessageForm, key: str | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, **_talk(key)}
    return render(request, "channels_web/conversation.html", context, status=status)


def _talk(key: str | None) -> dict[str, object]:
    lines = _lines(key)
    return {
        "lines": lines,
        "quick_replies": lines[-1].quick_replies if lines and not lines[-1].mine else (),
        "once": uuid.uuid4(),
        "version": _version(lines),
    }


def _version(lines: list[Line]) -> str:
    """Changes exactly when the conversation does; the page draws it anew only then."""
    last = lines[-1].at.isoformat() if lines else ""
    return f"{len(lines)}.{sum(line.waiting for line in lines)}.{last}"


def _lines(key: str | None) -> list[Line]:
    """What was said on both sides, oldest first."""
    if key is None:
        return []
    said = Inbound.objects.filter(channel="web", sender=key).select_related("file").order_by("-id")
    heard = Outbox.objects.filter(channel="web", recipient=key).order_by("-id")
    lines = [
        Line(
            mine=True,
            at=row.received_at,
            text=row.text,
            photo_key=str(row.file.key) if row.file else "",
            has_point=row.lat is not None,
            waiting=row.state == Inbound.State.WAITING,
        )
        for row in said[:SHOWN]
    ]
    for answer in heard[:SHOWN]:
        messages = outbox.read_messages(answer)
        lines += [
            Line(mine=False, at=answer.created_at, text=m.text, quick_replies=m.quick_replies)
            for m in messages
        ]
    return sorted(lines, key=lambda line: line.at)[-SHOWN:]
