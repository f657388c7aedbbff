"""The counter script on the screen; on paper it is printed from the same data."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.services.helpdesk.script import PARTS


@require_GET
@staff_required("viewer")
def page(request: StaffRequest) -> HttpResponse:
    """The steps beside a resident."""
    return render(request, "helpdesk/script.html", {"parts": PARTS})
