"""Staff home: what waits for me, and whether the house is well."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people import api as people
from madoguchi.ui import services, waiting
from madoguchi.web import health


@never_cache
@require_safe
@people.staff_required()
def home(request: people.StaffRequest) -> HttpResponse:
    """What waits for me."""
    lines = waiting.lines(request.staff, services.on(request.town))
    context = {
        "now": clock.now(),
        "waiting": [line for line in lines if line.count],
        "done": [line for line in lines if not line.count],
        "health": health.of_town(),
    }
    return render(request, "web/staff_home.html", context)


@never_cache
@require_safe
@people.staff_required("manager")
def settings(request: people.StaffRequest) -> HttpResponse:
    """What can be set up, each entry with its page."""
    return render(request, "web/settings.html")
