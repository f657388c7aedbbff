"""Photos over HTTP: only to who may see them."""

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from madoguchi.kernel.files import access, keeping
from madoguchi.kernel.files.disk import Size
from madoguchi.kernel.files.models import StoredFile


@require_safe
def photo(request: HttpRequest, key: uuid.UUID, size: Size) -> HttpResponseBase:
    """One copy of a photo; 404 for whoever may not see it, as for what is not there."""
    try:
        file = keeping.ref_by_key(key)
        if not access.may_see(request, file):
            raise Http404
        content = keeping.open_file(key, size).open("rb")
    except (StoredFile.DoesNotExist, FileNotFoundError) as error:
        raise Http404 from error
    return FileResponse(
        content,
        content_type="image/jpeg",
        filename=f"photo-{str(key)[:8]}.jpg",
        headers={
            "Cache-Control": "private, max-age=600",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
