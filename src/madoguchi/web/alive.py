"""``/healthz``: whether this process can do its work; for a monitor, without a town.

``/healthz?full`` adds figures as JSON, for a monitor on this machine or with the token in
``MADOGUCHI_MONITOR_TOKEN`` (sent as ``Authorization: Bearer ...``).
"""

import hmac
import os
from ipaddress import ip_address

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from madoguchi.web import machine, runtime

SHORTEST_TOKEN = 32

PLAIN = "text/plain; charset=utf-8"


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 "ok", or 503 with what does not work; with ``?full`` and the right to it, figures."""
    trouble = _trouble()
    if "full" not in request.GET:
        status = 503 if trouble else 200
        return HttpResponse(f"{trouble or 'ok'}\n", content_type=PLAIN, status=status)
    if not _may_see_figures(request):
        return HttpResponse("forbidden\n", content_type=PLAIN, status=403)
    if trouble:
        return JsonResponse({"status": trouble}, status=503)
    return JsonResponse({"status": "ok"} | machine.figures())


def _trouble() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "database"
    return "" if runtime.healthy() else "workers"


def _may_see_figures(request: HttpRequest) -> bool:
    """A forwarded request is nobody of this machine, even where a relay was not declared."""
    wanted = os.environ.get("MADOGUCHI_MONITOR_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if len(wanted) >= SHORTEST_TOKEN and hmac.compare_digest(wanted.encode(), given.encode()):
        return True
    if "madoguchi.forwarded" in request.META or "X-Forwarded-Proto" in request.headers:
        return False
    return ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback  # noqa: S104
