"""Whole pages kept for anonymous readers, by host (which names the town), language and path.

``@public_page`` marks a view whose page is the same for everybody of one language. The middleware
keeps its answer in the memory of the process, answers from there without a query, a session or a
template, and lets browsers ask again by ETag. ``changed(town_id)`` forgets a town's pages at once
in this process; other processes follow within ``LIFETIME_S``.
"""

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeGuard

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

from madoguchi.ui import warnings
from madoguchi.ui.words import language_of

LIFETIME_S = 10.0
MAX_PAGES = 500
_MARK = "_madoguchi_public_page"
_NOT_KEPT = {"set-cookie", "content-length", "etag", "vary", "cache-control", "content-encoding"}

PageKey = tuple[str, str, str]
"""Host, language and path."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One page as it goes out."""

    town_id: int
    body: bytes
    zipped: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]
    until: float


class Pages:
    """The kept pages of this process; the least used leave first."""

    def __init__(self, limit: int = MAX_PAGES) -> None:
        self._limit = limit
        self._kept: OrderedDict[PageKey, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: PageKey, now: float) -> Kept | None:
        """The page under ``key`` unless it is older than its lifetime."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.until <= now:
                return None
            self._kept.move_to_end(key)
            return kept

    def put(self, key: PageKey, kept: Kept) -> None:
        """Keep a page."""
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Drop everything: a town was set up or moved to another host."""
        with self._lock:
            self._kept.clear()

    def forget(self, town_id: int) -> None:
        """Drop all pages of a town."""
        with self._lock:
            for key in [key for key, kept in self._kept.items() if kept.town_id == town_id]:
                del self._kept[key]


pages = Pages()


def changed(town_id: int) -> None:
    """Something that public pages of the town show has changed."""
    warnings.forget(town_id)
    pages.forget(town_id)


def town_changed(town_id: int) -> None:
    """The town itself was set up or changed: pages of any host may now be another town's."""
    warnings.forget(town_id)
    pages.clear()


P = ParamSpec("P")


def public_page(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Mark a view whose answer depends on town, language and path alone."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(*args, **kwargs)
        setattr(response, _MARK, True)
        return response

    return marked


class PageCacheMiddleware:
    """Stands before the town is looked up; everything behind it is skipped for a kept page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"} or request.META["QUERY_STRING"]:
            return self._get_response(request)
        key = (request.get_host(), language_of(request).value, request.path_info)
        now = time.monotonic()
        kept = pages.get(key, now)
        if kept is None:
            response = self._get_response(request)
            town = getattr(request, "town", None)
            if town is None or not is_keepable(response):
                return response
            kept = keep(response, town.pk, now)
            pages.put(key, kept)
        return answer(request, kept)


def is_keepable(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    """Only whole, successful, marked pages that set no cookie."""
    return (
        getattr(response, _MARK, False)
        and isinstance(response, HttpResponse)
        and response.status_code == 200
        and not response.cookies
    )


def keep(response: HttpResponse, town_id: int, now: float) -> Kept:
    """The page with its ETag and its compressed twin (public pages hold no secret to guess)."""
    body = response.content
    return Kept(
        town_id=town_id,
        body=body,
        zipped=gzip.compress(body, 6, mtime=0),
        etag=f'"{hashlib.sha256(body).hexdigest()[:20]}"',
        headers=tuple((k, v) for k, v in response.items() if k.lower() not in _NOT_KEPT),
        until=now + LIFETIME_S,
    )


def answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The kept page, or 304 when the browser has it."""
    response: HttpResponse
    if kept.etag in [tag.removeprefix("W/") for tag in asked_etags(request)]:
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(kept.zipped)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(kept.body)
    for name, value in kept.headers:
        response[name] = value
    response["ETag"] = kept.etag
    response["Vary"] = "Accept-Encoding, Cookie"
    response["Cache-Control"] = "no-cache"
    return response


def asked_etags(request: HttpRequest) -> list[str]:
    """The ETags of If-None-Match."""
    header = request.headers.get("If-None-Match", "")
    return parse_etags(header) if header else []
