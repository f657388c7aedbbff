"""Staff of two towns, and a house of a few guarded pages."""

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings

from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import StaffMember
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town


@people.staff_required()
def staff_home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"hello {request.staff.name}")  # type: ignore[attr-defined]


@people.staff_required("manager")
def managers_only(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for managers")


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("madoguchi.kernel.people.account_urls")),
    path("staff/", staff_home, name="staff_home"),
    path("staff/managers/", managers_only, name="managers"),
    path("staff/", include("madoguchi.kernel.people.urls")),
]


@pytest.fixture
def house(settings: Settings) -> None:
    """The pages above, and no attempts remembered from another test."""
    settings.ROOT_URLCONF = __name__
    cache.clear()


@pytest.fixture
def operator(town: Town) -> StaffMember:
    return people.add_staff("yamada", "山田", "operator", actor="system:test")


@pytest.fixture
def stranger(other_town: Town) -> StaffMember:
    """Staff of the other town."""
    with current.use(other_town.pk):
        return people.add_staff("suzuki", "鈴木", "admin", actor="system:test")


def enter(client: Client, member: StaffMember, host: str = "testserver") -> None:
    """Sign ``member`` in by a one-time link, as a person would."""
    with current.use(member.town_id):
        token = people.make_sign_in_link(member)
    answer = client.post(f"/staff/enter/{token}", headers={"host": host})
    assert answer.status_code == 302, answer.status_code
