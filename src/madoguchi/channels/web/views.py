"""The conversation page: works without JavaScript, and by itself with it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from madoguchi.channels.web import device, limits
from madoguchi.channels.web.forms import MessageForm
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import inbox, outbox
from madoguchi.kernel.messages.data import EventKind, Incoming, QuickReply
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.ui.words import Words, language_of

SHOWN = 50
TOO_MANY = Words(
    "短い時間にたくさん送られたため、いまは受け付けられません。10分ほど待ってから、もう一度"
    "送ってください。お急ぎのときは、お電話ください。",
    "たくさん おくられたので、いまは うけとれません。10分くらい まって、もう一度 おくって "
    "ください。いそぐ ときは 電話して ください。",
    "Too many messages came in a short time. Please wait ten minutes and send it again. "
    "If it is urgent, please call.",
)


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
    return _page(request, MessageForm(language=language_of(request)), device.known(request))


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
    if not _allowed(request, key, now):
        form.full_clean()
        form.add_error(None, TOO_MANY.plain(language_of(request)))
        return _page(request, form, key, status=429)
    if not form.is_valid():
        return _page(request, form, key, status=422)
    file_key = ""
    if photo := form.cleaned_data["photo"]:
        try:
            file_key = str(files.accept(photo.read()).key)
        except files.FileRefused as refused:
            form.add_error("photo", str(refused))
            return _page(request, form, key, status=422)
    key = key or device.new_key()
    inbox.receive("web", [_event(form, key, file_key)])
    response = redirect("channels_web:conversation")
    device.remember(request, response, key)
    return response


def _allowed(request: HttpRequest, key: str | None, now: float) -> bool:
    if not limits.addresses.allow(str(request.META.get("REMOTE_ADDR", "")), now):
        return False
    return key is None or limits.devices.allow(key, now)


def _event(form: MessageForm, key: str, file_key: str) -> Incoming:
    text, point = form.words(), form.point()
    if text:
        kind = EventKind.TEXT
    else:
        kind = EventKind.LOCATION if point and not file_key else EventKind.IMAGE
    return Incoming(
        external_id=str(form.cleaned_data["once"]),
        kind=kind,
        sender=key,
        sent_at=clock.now(),
        text=text,
        point=point,
        radius_m=max(10, min(round(form.cleaned_data.get("radius") or 50), 20_000)),
        file_key=file_key,
    )


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
