"""The public API: what anybody may know of the town, for other programs. No persons, no cases.

Described at /api/v1/openapi.json; docs/developer/api.md shows examples. Answers may be used from
pages of any origin, for they hold open data alone.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from ninja import Field, NinjaAPI, Query, Router, Schema
from ninja.throttling import AnonRateThrottle
from pydantic import field_validator

from madoguchi.kernel.places.data import Place, Point
from madoguchi.kernel.towns.middleware import TownRequest
from madoguchi.services.disaster import rest as disaster
from madoguchi.web import shelters
from madoguchi.web.pages import MAX_ADDRESS, find_address

PREFIX = "/api/v1/"
MAX_SHELTERS = 200
FRESH_S = 60


class TownOut(Schema):
    """A municipality and how to reach it by telephone."""

    code: str = Field(description="Five-digit municipality code", pattern=r"^\d{5}$")
    name: str
    phone: str = Field(description='Switchboard of the town hall, "" when not set')
    emergency_phone: str
    services: list[str] = Field(description="Names of the services that are switched on")


class PointOut(Schema):
    """WGS 84 degrees."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class PlaceOut(Schema):
    """A place; ``point`` is true within ``radius_m`` metres, and null exactly without accuracy."""

    found: bool
    label: str
    accuracy: str = Field(
        description="pin, address, facility, block, district, town or none, from best to none"
    )
    radius_m: int = Field(ge=0)
    point: PointOut | None


class ShelterOut(Schema):
    """A 指定避難所 (``stay``) and/or 指定緊急避難場所 (``escape``, for ``hazards``)."""

    name: str
    address: str
    point: PointOut
    stay: bool
    escape: bool
    hazards: list[shelters.Hazard]
    capacity: int | None
    note: str
    distance_m: int | None = Field(description="From the place asked for; null without one")


class SheltersOut(Schema):
    """Shelters, the nearest first when a place was understood."""

    near: PlaceOut | None = Field(description="What was understood of ``address``")
    total: int = Field(description="How many match, of which ``items`` holds the first")
    items: list[ShelterOut]


class ShelterQuery(Schema):
    """What is asked for."""

    address: str = Field("", max_length=MAX_ADDRESS, description="An address or a facility")
    q: str = Field("", max_length=MAX_ADDRESS, description="Part of the name or address")
    hazard: shelters.Hazard | None = None
    limit: int = Field(50, ge=1, le=MAX_SHELTERS)

    @field_validator("address", "q")
    @classmethod
    def tidy(cls, text: str) -> str:
        """Without blanks around it."""
        return text.strip()


api = NinjaAPI(
    title="madoguchi",
    version="1",
    description="Open data of one municipality: the host names which.",
    docs_url=None,  # its page would load scripts from another host
    openapi_url=None,  # served by ``describe``, for reading alone
    urls_namespace="api",
    throttle=[AnonRateThrottle(settings.API_RATE)],
)
town = Router(tags=["town"])


@town.get("/town", response=TownOut, url_name="town", summary="The municipality")
def read_town(request: TownRequest) -> dict[str, Any]:
    """Which municipality answers here, and its telephones."""
    here = request.town
    return {
        "code": here.code,
        "name": here.name,
        "phone": here.contact_phone,
        "emergency_phone": here.emergency_phone,
        "services": here.services,
    }


@town.get("/places", response=PlaceOut, url_name="places", summary="Where an address is")
def read_place(request: TownRequest, q: str = Query(..., max_length=MAX_ADDRESS)) -> dict[str, Any]:
    """The place of a typed address or facility in this municipality, with its accuracy."""
    match = find_address(q.strip(), request.town.code)
    return _place(match.place if match else None)


@town.get("/shelters", response=SheltersOut, url_name="shelters", summary="Shelters")
def read_shelters(request: TownRequest, asked: Query[ShelterQuery]) -> dict[str, Any]:
    """Designated shelters by name, kind of disaster and distance."""
    code = request.town.code
    match = find_address(asked.address, code) if asked.address else None
    found = shelters.search(
        shelters.of_town(code),
        text=asked.q,
        hazard=asked.hazard,
        near=match.place.point if match else None,
    )
    return {
        "near": _place(match.place if match else None) if asked.address else None,
        "total": len(found),
        "items": [_shelter(one) for one in found[: asked.limit]],
    }


def _shelter(one: shelters.Found) -> dict[str, Any]:
    shelter = one.shelter
    return {
        "name": shelter.name,
        "address": shelter.address,
        "point": _point(shelter.point),
        "stay": shelter.stay,
        "escape": shelter.escape,
        "hazards": shelter.kinds,
        "capacity": shelter.capacity,
        "note": shelter.note,
        "distance_m": one.distance_m,
    }


def _place(place: Place | None) -> dict[str, Any]:
    if place is None or place.point is None:
        return {"found": False, "label": "", "accuracy": "none", "radius_m": 0, "point": None}
    return {
        "found": True,
        "label": place.label,
        "accuracy": place.accuracy.value,
        "radius_m": place.radius_m,
        "point": _point(place.point),
    }


def _point(point: Point) -> dict[str, float]:
    return {"lat": point.lat, "lon": point.lon}


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let pages of any origin read the answer, and keep it for a minute."""

    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        if response.status_code == 200:
            response["Cache-Control"] = f"public, max-age={FRESH_S}"
        return response

    return opened


@require_safe
@open_to_all
def describe(request: HttpRequest) -> HttpResponse:
    """The description of this API, as OpenAPI 3.1."""
    return JsonResponse(api.get_openapi_schema(path_prefix=PREFIX))


town.add_decorator(open_to_all, mode="view")
disaster.router.add_decorator(open_to_all, mode="view")
api.add_router("", town)
api.add_router("", disaster.router)
