"""Each request belongs to the town whose host it asks."""

from collections.abc import Callable, Iterator

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseNotFound,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase

from madoguchi.kernel.towns import api, current
from madoguchi.kernel.towns.models import Town

TOWNLESS = frozenset({"/healthz"})
"""Paths that are answered without a town."""

_NOT_FOUND = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>ページが見つかりません</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>ページが見つかりません</h1>
<p>このアドレスで案内している自治体はありません。アドレスをもう一度お確かめください。</p>
<p lang="en">No municipality is served at this address.</p>
<p>担当の方へ: <code>madoguchi init</code> で自治体を登録したか、
自治体のホスト名がこのアドレスと同じかを確かめてください。</p>
</main></body></html>
"""


class TownRequest(HttpRequest):
    """A request inside its town, as views behind ``TownMiddleware`` get it."""

    town: Town


class TownMiddleware:
    """Set ``request.town`` and make it current for the request; 404 where no town answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request inside its town."""
        if request.path in TOWNLESS:
            return self._get_response(request)
        town = api.for_host(request.get_host())
        if town is None:
            return _not_found()
        request.town = town  # type: ignore[attr-defined]
        with current.use(town.pk):
            response = self._get_response(request)
        if isinstance(response, StreamingHttpResponse) and not _needs_no_town(response):
            response.streaming_content = _within(town.pk, iter(response))
        return response


def _needs_no_town(response: StreamingHttpResponse) -> bool:
    return response.is_async or isinstance(response, FileResponse)


def _within(town_id: int, source: Iterator[bytes]) -> Iterator[bytes]:
    """Make each part of a streamed answer inside the town, whatever thread asks for it."""
    while True:
        with current.use(town_id):
            part = next(source, None)
        if part is None:
            return
        yield part


def _not_found() -> HttpResponse:
    return HttpResponseNotFound(_NOT_FOUND)
