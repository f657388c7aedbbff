"""Whose address counts: what the town's own relays saw, never what the client claims."""

import pytest
from django.http import HttpRequest, HttpResponse
from pytest_django.fixtures import Settings

from madoguchi.web.proxies import ClientAddressMiddleware, client_address

CLIENT, RELAY, FORGED = "203.0.113.7", "10.0.0.2", "198.51.100.1"


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        (CLIENT, 1, CLIENT),
        (f"{FORGED}, {CLIENT}", 1, CLIENT),
        (f"{FORGED}, {CLIENT}, {RELAY}", 2, CLIENT),
        (f"{FORGED},{FORGED} ,{CLIENT}", 1, CLIENT),
        ("2001:db8::7", 1, "2001:db8::7"),
        ("2001:0DB8:0:0::7", 1, "2001:db8::7"),
        (CLIENT, 2, ""),
        ("", 1, ""),
        ("unknown", 1, ""),
        (f"{CLIENT}, <script>", 1, ""),
    ],
)
def test_the_entry_of_the_outermost_own_relay_counts(
    forwarded: str, proxies: int, address: str
) -> None:
    assert client_address(forwarded, proxies) == address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, FORGED, RELAY),
        (0, None, RELAY),
        (1, f"{FORGED}, {CLIENT}", CLIENT),
        (1, None, RELAY),
        (2, CLIENT, RELAY),
    ],
)
def test_what_is_behind_sees_one_address_and_no_claim(
    settings: Settings, proxies: int, forwarded: str | None, seen: str
) -> None:
    settings.PROXIES = proxies
    passed: list[HttpRequest] = []

    def behind(request: HttpRequest) -> HttpResponse:
        passed.append(request)
        return HttpResponse()

    request = HttpRequest()
    request.META["REMOTE_ADDR"] = RELAY
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    ClientAddressMiddleware(behind)(request)
    assert passed[0].META["REMOTE_ADDR"] == seen
    assert "HTTP_X_FORWARDED_FOR" not in passed[0].META
