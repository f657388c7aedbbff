"""What brings people: ``?from=poster-a`` on posters, leaflets and codes, counted without persons.

Opening such an address is counted once a browser; so is the first message that is sent after it,
and the step to the town's LINE account. Only the source is kept, in a cookie of the browser that
goes with the first message; rows hold no person.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from madoguchi.channels.web.limits import FixedWindow
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.measures import api as measures
from madoguchi.kernel.measures.models import Event
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.towns.middleware import TownRequest

SERVICE = "reach"
OPENED, WROTE, LINE = "opened", "first_message", "line"
COLUMNS = {OPENED: "開いた", WROTE: "はじめて送った", LINE: "LINEの友だち追加へ進んだ"}
KINDS = {
    "poster": "ポスター",
    "leaflet": "転入者へのチラシ",
    "counter": "窓口",
    "school": "学校",
    "news": "広報紙",
    "mayor": "町長・市長",
    "event": "催し",
    "line": "LINE",
}
KNOWN = re.compile(rf"(?:{'|'.join(KINDS)})(?:-[a-z0-9]{{1,8}})?")
WRITES = ("/message/", "/message/send", "/ask/")
KEPT_S = 30 * 24 * 60 * 60
WEEKS = 26
LINE_ADD = "https://line.me/R/ti/p/{}"

opened_from = FixedWindow(60)
"""So that nobody fills the table by opening addresses again and again."""


class SourceMiddleware:
    """Counts what brought a browser here, and keeps it until the first message."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look at what was asked before, and at what came of it after."""
        asked = request.GET.get("from", "") if request.method == "GET" else ""
        response = self._get_response(request)
        cookie = cookie_name()
        kept = request.COOKIES.get(cookie, "")
        if asked and not kept and KNOWN.fullmatch(asked) and response.status_code < 400:
            if _may_count(request):
                measures.note(SERVICE, OPENED, source=asked)
            response.set_cookie(
                cookie,
                asked,
                max_age=KEPT_S,
                httponly=True,
                secure=request.is_secure(),
                samesite="Lax",
            )
        elif KNOWN.fullmatch(kept) and _has_written(request, response):
            measures.note(SERVICE, WROTE, source=kept)
            response.delete_cookie(cookie, samesite="Lax")
        return response


def cookie_name() -> str:
    """The cookie that keeps the source until the first message."""
    return f"{settings.COOKIE_PREFIX}md_from"


@never_cache
@require_safe
def to_line(request: TownRequest) -> HttpResponse:
    """From a code on paper to the town's LINE account; the step is counted."""
    line_id = str(request.town.settings.get("line_id") or "")
    if not line_id:
        return HttpResponseRedirect("/")
    source = request.GET.get("from", "")
    if request.method == "GET" and KNOWN.fullmatch(source) and _may_count(request):
        measures.note(SERVICE, LINE, source=source)
    return HttpResponseRedirect(LINE_ADD.format(line_id))


@dataclass(frozen=True, slots=True)
class Line:
    """One source in one week (``week`` is its Monday in Japan), with a count for each column."""

    week: date
    source: str
    name: str
    counts: tuple[int, ...]


def table() -> list[Line]:
    """The last half year by week and source, the newest week first."""
    since = clock.now() - timedelta(weeks=WEEKS)
    rows = Event.objects.filter(service=SERVICE, at__gte=since).values_list("at", "name", "attrs")
    counts: dict[tuple[date, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for at, name, attrs in rows.iterator():
        day = clock.jst(at).date()
        week = day - timedelta(days=day.weekday())
        counts[week, str(attrs.get("source", ""))][name] += 1
    lines = [
        Line(week, source, name_of(source), tuple(found[column] for column in COLUMNS))
        for (week, source), found in counts.items()
    ]
    return sorted(lines, key=lambda line: (-line.week.toordinal(), line.source))


def name_of(source: str) -> str:
    """「ポスター（eki）」 from ``poster-eki``."""
    kind, _, mark = source.partition("-")
    name = KINDS.get(kind, source)
    return f"{name}（{mark}）" if mark else name


@require_GET
@staff_required("viewer")
def page(request: StaffRequest) -> HttpResponse:
    """What brought people, by week."""
    context = {"lines": table(), "columns": list(COLUMNS.values())}
    return render(request, "web/sources.html", context)


@require_GET
@staff_required("viewer")
def as_csv(request: StaffRequest) -> HttpResponse:
    """The same for a spreadsheet; a cell is never a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["週（月曜日）", "来た道", "印", *COLUMNS.values()])
    for line in table():
        texts = (line.week.isoformat(), guarded(line.name), guarded(line.source))
        writer.writerow([*texts, *line.counts])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sources.csv"'
    return response


def guarded(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _has_written(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a message was taken."""
    return (
        request.method == "POST" and request.path in WRITES and response.status_code in (200, 302)
    )


def _may_count(request: HttpRequest) -> bool:
    address = str(request.META.get("REMOTE_ADDR", ""))
    return opened_from.allow(address, clock.now().timestamp())
