"""Who asks, when relays stand in front: the address that the outermost own relay saw."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ClientAddressMiddleware:
    """Put the client's own address into ``REMOTE_ADDR``; everything behind it reads only that.

    Each relay appends the address it was asked from to X-Forwarded-For. With ``settings.PROXIES``
    relays of the town's own, that many entries from the right are true and whatever stands left of
    them is the client's claim. Without relays the header is a claim altogether. Either way it is
    taken out, so that nothing behind can believe it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if forwarded:
            request.META["madoguchi.forwarded"] = True
        if settings.PROXIES and (address := client_address(forwarded, settings.PROXIES)):
            request.META["REMOTE_ADDR"] = address
        return self._get_response(request)


def client_address(forwarded: str, proxies: int) -> str:
    """The client's address by X-Forwarded-For; "" when ``proxies`` relays cannot have written it.

    Then the address of the relay stands: too many people share a limit, but nobody escapes one.
    """
    entries = [entry.strip() for entry in forwarded.split(",")]
    if len(entries) < proxies:
        return ""
    try:
        return str(ip_address(entries[-proxies]))
    except ValueError:
        return ""
