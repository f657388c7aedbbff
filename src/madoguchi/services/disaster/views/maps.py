"""The staff map and what it polls."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.people.api import staff_required
from madoguchi.kernel.towns import current
from madoguchi.services.disaster import live
from madoguchi.services.disaster.words import ACCURACY_NAMES, CATEGORY_NAMES, URGENCY_NAMES


@require_GET
@staff_required("viewer")
def page(request: HttpRequest) -> HttpResponse:
    """The map with its list."""
    context = {
        "categories": [(c.value, name) for c, name in CATEGORY_NAMES.items()],
        "urgencies": list(URGENCY_NAMES.items()),
        "states": [(s.value, word) for s, word in cases.STATE_WORDS.items()],
        "accuracies": [(a.value, name) for a, name in ACCURACY_NAMES.items()],
    }
    return render(request, "disaster/map.html", context)


@never_cache
@require_GET
@staff_required("viewer")
def data(request: HttpRequest) -> HttpResponse:
    """The first load: everything, compressed once for everybody."""
    snapshot = live.snapshots.get(current.town_id())
    if request.headers.get("If-None-Match") == snapshot.etag:
        return HttpResponseNotModified()
    accepted = request.headers.get("Accept-Encoding", "")
    if "br" in accepted:
        body, encoding = snapshot.brotli, "br"
    else:
        body, encoding = snapshot.gzip, "gzip"
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Encoding"] = encoding
    response["Vary"] = "Accept-Encoding, Cookie"
    response["ETag"] = snapshot.etag
    return response


@never_cache
@require_GET
@staff_required("viewer")
def changes(request: HttpRequest) -> HttpResponse:
    """What changed since a sequence number; 304 when nothing did."""
    try:
        since = int(request.GET.get("since", ""))
    except ValueError:
        return HttpResponse("since には番号を指定してください。", status=400)
    etag = f'"c{cases.last_seq()}"'
    if request.headers.get("If-None-Match") == etag and f'"c{since}"' == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    seq, body = live.changes(since)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["ETag"] = f'"c{seq}"'
    return response
