"""The counter script, on the screen and on paper, from the same data."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from madoguchi.channels.paper import api as paper
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.services.helpdesk.script import PARTS, Part

SOURCE = "counter"
TITLE = "窓口での進め方"


@require_GET
@staff_required("viewer")
def page(request: StaffRequest) -> HttpResponse:
    """The steps beside a resident, with the codes to scan from the screen."""
    parts = []
    for part in PARTS:
        address = _address(request, part)
        picture = f"data:image/svg+xml,{quote(paper.picture_of(address))}" if address else ""
        parts.append({"part": part, "address": address, "picture": picture})
    return render(request, "helpdesk/script.html", {"parts": parts})


@require_GET
@staff_required("viewer")
def on_paper(request: StaffRequest) -> HttpResponse:
    """The same as PDF."""
    parts = []
    for part in PARTS:
        address = _address(request, part)
        lines = [part.goal, *part.steps]
        code = paper.code(address) if address else None
        parts.append({"title": part.title, "lines": lines, "code": code})
    try:
        made = paper.steps(TITLE, "住民の隣で、この順に進めます。", parts)
    except paper.NoPaper as missing:
        messages.error(request, str(missing))
        return redirect("helpdesk:script")
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(TITLE)}.pdf"
    return response


def _address(request: StaffRequest, part: Part) -> str:
    """Where the code of a part leads; "" where it has none, or the town is not on LINE."""
    found = paper.where(request)
    if part.code == "line":
        return f"{found.web}line/?from={SOURCE}" if found.line else ""
    return f"{found.web}?from={SOURCE}" if part.code == "web" else ""
