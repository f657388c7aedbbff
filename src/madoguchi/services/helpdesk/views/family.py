"""家族のために使う: the residents' page, about this device's person and nobody else."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.channels.web import device, limits
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people import proxies
from madoguchi.kernel.people.models import Proxy
from madoguchi.kernel.people.proxies import ProxyRefused
from madoguchi.services.helpdesk import family
from madoguchi.ui.words import Language, Words, language_of

guesses = limits.FixedWindow(20)
"""Wrong digits are few for who was told them: 20 in ten minutes from one address."""

RELATIONS = {
    "child": Words("子", "子《こ》ども", "Child"),
    "partner": Words("配偶者", "夫《おっと》・妻《つま》", "Spouse"),
    "parent": Words("親", "親《おや》", "Parent"),
    "relative": Words("その他の親族", "ほかの 家族《かぞく》", "Other relative"),
    "guardian": Words("成年後見人など", "後見人《こうけんにん》", "Legal guardian"),
}
LABELS = {
    "name": Words("あなたのお名前", "あなたの 名前《なまえ》", "Your name"),
    "for_name": Words(
        "どなたのために使いますか（お名前）",
        "だれの ためですか（名前《なまえ》）",
        "For whom (name)",
    ),
    "relation": Words("その方から見て、あなたは", "あなたは その 人《ひと》の", "You are their"),
}
MISSING = Words("書いてください。", "書《か》いて ください。", "Please fill this in.")


class AskForm(forms.Form):
    """Who asks, and for whom."""

    name = forms.CharField(max_length=60)
    for_name = forms.CharField(max_length=60)
    relation = forms.ChoiceField()

    def __init__(self, *args: object, language: Language, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, label in LABELS.items():
            self.fields[name].label = label.in_(language)
            self.fields[name].error_messages["required"] = MISSING.plain(language)
        relation = self.fields["relation"]
        assert isinstance(relation, forms.ChoiceField)
        relation.choices = [(key, words.plain(language)) for key, words in RELATIONS.items()]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """What is in force and what waits; or one act."""
    if request.method != "POST":
        return _show(request, AskForm(language=language_of(request)))
    key = device.known(request) or device.new_key()
    if not limits.allowed(request, key, clock.now().timestamp()):
        return _show(request, AskForm(language=language_of(request)), _busy(request), 429)
    contact = people.contact_for("web", key)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _show(request, AskForm(language=language_of(request)), status=422)
    try:
        response = act(request, contact)
    except ProxyRefused as refused:
        response = _show(request, AskForm(language=language_of(request)), str(refused), 422)
    device.remember(request, response, key)
    return response


def _ask(request: HttpRequest, contact: people.ContactRef) -> HttpResponse:
    form = AskForm(request.POST, language=language_of(request))
    if not form.is_valid():
        return _show(request, form, status=422)
    said = {name: str(form.cleaned_data[name]) for name in ("name", "for_name", "relation")}
    proxies.ask(contact.person_id, **said)
    return redirect("family:page")


def _code(request: HttpRequest, contact: people.ContactRef) -> HttpResponse:
    address = str(request.META.get("REMOTE_ADDR", ""))
    if not guesses.allow(address, clock.now().timestamp()):
        raise ProxyRefused(_busy(request))
    family.redeem(contact.person_id, request.POST.get("code", "")[:20])
    return redirect("family:page")


def _give(_request: HttpRequest, contact: people.ContactRef) -> HttpResponse:
    family.give_code(contact)
    return redirect("channels_web:conversation")


def _act(request: HttpRequest, contact: people.ContactRef) -> HttpResponse:
    proxies.act(_of(request, contact).pk, contact.person_id)
    return redirect("channels_web:conversation")


def _back(_request: HttpRequest, contact: people.ContactRef) -> HttpResponse:
    proxies.stop_acting(contact.person_id)
    return redirect("family:page")


def _end(request: HttpRequest, contact: people.ContactRef) -> HttpResponse:
    family.end(_of(request, contact), actor=f"person:{contact.person_id}")
    return redirect("family:page")


_ACTS: dict[str, Callable[[HttpRequest, people.ContactRef], HttpResponse]] = {
    "ask": _ask,
    "code": _code,
    "give": _give,
    "act": _act,
    "back": _back,
    "end": _end,
}


def _of(request: HttpRequest, contact: people.ContactRef) -> Proxy:
    """The proxy that the form names, if this person is one of the two."""
    asked = request.POST.get("proxy", "")
    for_whom, by_whom = proxies.of_person(contact.person_id)
    for proxy in (*for_whom, *by_whom):
        if str(proxy.pk) == asked:
            return proxy
    raise ProxyRefused("この代理は、すでに終わっています。")


def _busy(request: HttpRequest) -> str:
    return limits.TOO_MANY.plain(language_of(request))


def _show(
    request: HttpRequest, form: AskForm, refused: str = "", status: int = 200
) -> HttpResponse:
    key = device.known(request)
    person = people.person_of("web", key) if key else None
    for_whom, by_whom = proxies.of_person(person) if person else ([], [])
    context = {
        "form": form,
        "refused": refused,
        "ask": proxies.open_ask(person) if person else None,
        "for_whom": for_whom,
        "by_whom": by_whom,
        "acting_for": people.acting_for(person) if person else None,
    }
    return render(request, "helpdesk/family.html", context, status=status)
