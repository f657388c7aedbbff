"""The residents' form: asks without an account, with JavaScript or without."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.channels.web import device, limits
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import inbox
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.services.helpdesk.data import Asking, Topic
from madoguchi.services.helpdesk.forms import AskForm
from madoguchi.services.helpdesk.listener import form_data
from madoguchi.services.helpdesk.speaking import TOPICS
from madoguchi.ui.words import language_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """Show the form, or put the request into the inbox: the answer comes in the conversation."""
    language = language_of(request)
    if request.method != "POST":
        about = request.GET.get("about", "")
        topic = about if about in set(Topic) else Topic.OTHER.value
        return _page(request, AskForm(language=language, initial={"topic": topic}))
    entered = AskForm(request.POST, language=language)
    key, now = device.known(request), clock.now()
    if not limits.allowed(request, key, now.timestamp()):
        entered.full_clean()
        entered.add_error(None, limits.TOO_MANY.plain(language))
        return _page(request, entered, 429)
    if not entered.is_valid():
        return _page(request, entered, 422)
    key = key or device.new_key()
    asking = entered.asking("web")
    inbox.receive("web", [_event(entered, asking, key)])
    response = redirect("channels_web:conversation")
    device.remember(request, response, key)
    return response


def _event(entered: AskForm, asking: Asking, key: str) -> Incoming:
    """The request as words of the conversation: whoever reads them misses nothing."""
    lines = [asking.text or f"使い方の相談：{TOPICS[asking.topic].ja}"]
    if asking.phone:
        lines.append(f"電話：{asking.phone}")
    return Incoming(
        external_id=str(entered.cleaned_data["once"]),
        kind=EventKind.TEXT,
        sender=key,
        sent_at=clock.now(),
        text="\n".join(lines),
        data=form_data(asking),
    )


def _page(request: HttpRequest, shown: AskForm, status: int = 200) -> HttpResponse:
    return render(request, "helpdesk/ask.html", {"form": shown}, status=status)
