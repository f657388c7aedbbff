"""Rivers and roads for the maps of staff."""

from django.http import HttpResponse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from madoguchi.kernel.people.api import staff_required
from madoguchi.kernel.towns.middleware import TownRequest
from madoguchi.ui.basemap import stored


@require_safe
@staff_required("viewer")
def ground(request: TownRequest) -> HttpResponse:
    """The town's imported base map as GeoJSON; 204 where there is none, 304 when it is known."""
    found = stored.of_town(request.town.code)
    if found is None:
        return HttpResponse(status=204)
    asked = request.headers.get("If-None-Match", "")
    accepted = request.headers.get("Accept-Encoding", "")
    if asked and found.etag in [tag.removeprefix("W/") for tag in parse_etags(asked)]:
        response = HttpResponse(status=304)
    elif "br" in accepted:
        response = HttpResponse(found.brotli, content_type="application/geo+json")
        response["Content-Encoding"] = "br"
    elif "gzip" in accepted:
        response = HttpResponse(found.zipped, content_type="application/geo+json")
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(found.plain, content_type="application/geo+json")
    response["ETag"] = found.etag
    response["Vary"] = "Accept-Encoding, Cookie"
    response["Cache-Control"] = "private, no-cache"
    return response
