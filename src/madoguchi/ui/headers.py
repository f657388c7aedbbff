"""Headers that Django has no setting for, or that differ from town to town."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from madoguchi.ui import tiles


class PermissionsPolicyMiddleware:
    """Say which powers of the device a page may ask for (``settings.PERMISSIONS_POLICY``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._policy: str = settings.PERMISSIONS_POLICY

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response.headers.setdefault("Permissions-Policy", self._policy)
        return response


class TownContentPolicyMiddleware(CSPMiddleware):
    """The content policy; a town that chose outside map tiles also lets that one host through."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The policy of ``settings/security.py`` with the tile host of the town, if any."""
        parts = super().get_policy_parts(request, response, report_only)
        town = getattr(request, "town", None)
        source = tiles.source_of(town.settings) if town else None
        if source and not report_only and parts.update is None:
            parts.update = {"img-src": [source.origin], "connect-src": [source.origin]}
        return parts
