"""Services and channels on and off: the act itself, and the door of a room that is off."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.towns.models import Town
from madoguchi.ui import services
from madoguchi.ui.services import Service
from madoguchi.ui.words import Words
from madoguchi.web import errors


class SwitchedOffMiddleware:
    """Answers 404 at the addresses of a service that the town has switched off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing to do before the address is known."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _options: Any
    ) -> HttpResponse | None:
        """The page that says so, or None to go on."""
        town = getattr(request, "town", None)
        match = request.resolver_match
        if town is None or match is None or not match.namespaces:
            return None
        closed = services.closed_room(match.namespaces, services.on(town))
        return errors.show(request, _trouble(closed), 404) if closed else None


def switch(town_id: int, service: Service, on: bool, *, actor: str) -> bool:
    """Switch a service or channel of the town; returns whether that changed anything."""
    with transaction.atomic():
        town = Town.objects.select_for_update().get(pk=town_id)
        if services.is_on(town, service) == on:
            return False
        if service.kind == "channel":
            off = set(town.settings.get(services.CHANNELS_OFF, ())) ^ {service.name}
            town.settings = {**town.settings, services.CHANNELS_OFF: sorted(off)}
        else:
            town.services = sorted(set(town.services) ^ {service.name})
        town.save(update_fields=["settings", "services"])
        verb = "service.on" if on else "service.off"
        audit.record(verb, f"town:{town.code}", actor=actor, service=service.name)
    return True


def _trouble(service: Service) -> errors.Trouble:
    title = service.title
    return errors.Trouble(
        Words(
            "この機能は、この町では使っていません",
            "この ページは、この 町《まち》では 使《つか》って いません",
            "This service is not in use in this town",
        ),
        Words(
            f"「{title.ja}」は、いま切ってあります。",
            f"「{title.easy or title.ja}」は、いま 使《つか》えません。",
            f"“{title.en or title.ja}” is switched off at present.",
        ),
        Words(
            "ホームには、いま使えるものだけが並んでいます。お急ぎのときは、お電話ください。"
            "職員の方は、管理者に「使う機能」の画面を見てもらってください。",
            "はじめの ページから さがして ください。"
            "急《いそ》ぐ ときは 電話《でんわ》を して ください。",
            "The home page lists what you can use now. If it is urgent, please call. "
            "Staff: ask your administrator to look at the page of services.",
        ),
    )
