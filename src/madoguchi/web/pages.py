"""The pages for residents that belong to no service."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.data import Accuracy, AddressMatch
from madoguchi.kernel.towns import pack
from madoguchi.kernel.towns.middleware import TownRequest
from madoguchi.ui.cache import public_page
from madoguchi.ui.words import Language, cookie_name
from madoguchi.web import shelters

YEAR_S = 365 * 24 * 60 * 60
MAX_ADDRESS = 100


@require_safe
@public_page
def home(request: TownRequest) -> HttpResponse:
    """What a resident can do here, in the order of use."""
    return render(request, "web/home.html")


@require_safe
@public_page
def help_page(request: TownRequest) -> HttpResponse:
    """How to use it, who helps, and the five worries answered."""
    return render(request, "web/help.html")


@require_safe
@public_page
def about(request: TownRequest) -> HttpResponse:
    """Who runs this, what becomes of what you send, where the data come from."""
    return render(request, "web/about.html", {"pack": pack.load(request.town.code)})


@require_safe
@public_page
def contacts(request: TownRequest) -> HttpResponse:
    """Telephone numbers and the town hall."""
    return render(request, "web/contacts.html", {"pack": pack.load(request.town.code)})


@require_safe
@public_page
def shelter_list(request: TownRequest) -> HttpResponse:
    """The shelters of the town as a table, searched by place, district and disaster."""
    known = shelters.of_town(request.town.code)
    address = request.GET.get("address", "").strip()[:MAX_ADDRESS]
    text = request.GET.get("q", "").strip()[:MAX_ADDRESS]
    kind = request.GET.get("for", "")
    hazard = shelters.Hazard(kind) if kind in set(shelters.Hazard) else None
    match = find_address(address, request.town.code) if address else None
    found = shelters.search(
        known, text=text, hazard=hazard, near=match.place.point if match else None
    )
    context = {
        "found": found,
        "total": len(known),
        "hazards": shelters.hazards_of(known),
        "hazard": hazard,
        "text": text,
        "address": address,
        "match": match,
    }
    return render(request, "web/shelters.html", context)


def find_address(text: str, code: str) -> AddressMatch | None:
    """The place of a typed address or facility; None when the gazetteer does not know it.

    The middle of the town counts only for who wrote the town's name: a village has no block names.
    """
    match = places.locate(places.gazetteer_for(code), text, code)
    if match.place.point is None:
        return None
    if match.place.accuracy is Accuracy.TOWN and pack.load(code).name not in text:
        return None
    return match


@require_safe
def set_language(request: TownRequest, language: str) -> HttpResponse:
    """Keep the chosen language in a cookie and go back to the page the reader came from."""
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    if language in set(Language):
        response.set_cookie(
            cookie_name(),
            language,
            max_age=YEAR_S,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    return response
