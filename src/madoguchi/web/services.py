"""The page 「使う機能」: which services and channels the town uses."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.ui import services
from madoguchi.ui.services import Service
from madoguchi.web import switching


@dataclass(frozen=True, slots=True)
class Row:
    """One switch as the page shows it."""

    service: Service
    on: bool
    open_work: int


@never_cache
@require_safe
@staff_required("admin")
def page(request: StaffRequest) -> HttpResponse:
    """Every service and channel with its switch."""
    rows = [
        Row(service, on, service.open_work() if on else 0)
        for service in services.known()
        for on in [services.is_on(request.town, service)]
    ]
    context = {
        "groups": [
            ("サービス", [row for row in rows if row.service.kind == "service"]),
            ("住民とのやり取りの道", [row for row in rows if row.service.kind == "channel"]),
        ]
    }
    return render(request, "web/services.html", context)


@require_POST
@staff_required("admin")
def switch(request: StaffRequest, name: str) -> HttpResponse:
    """Switch one; with open work it is switched off only after a yes."""
    try:
        service = services.get(name)
    except KeyError as unknown:
        raise Http404 from unknown
    on = request.POST.get("to") == "on"
    title = service.title.ja
    if not on and request.POST.get("sure") != "yes" and (left := service.open_work()):
        messages.error(
            request,
            f"「{title}」には、終わっていない仕事が{left}件あります。切ってよいときは、"
            "「それでも切る」に印を付けて、もう一度押してください。",
        )
    elif switching.switch(request.town.pk, service, on, actor=request.staff.actor):
        messages.success(request, f"「{title}」を{'入れました' if on else '切りました'}。")
    return redirect("services")
