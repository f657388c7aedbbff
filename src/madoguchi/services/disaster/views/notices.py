"""The page from which staff puts a line on top of the residents' pages, and takes it away."""

import uuid
from datetime import datetime, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.kernel.cases.data import NotAllowed
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.services.disaster import notices, showing
from madoguchi.services.disaster.forms import NoticeForm
from madoguchi.services.disaster.models import Notice

SHOWN_FOR = timedelta(hours=24)  # unless staff says otherwise: nothing stands forgotten for long
PAGE = 20


@require_http_methods(["GET", "POST"])
@staff_required("operator")
def board(request: StaffRequest) -> HttpResponse:
    """What is shown now, and the form for one more line."""
    if request.method == "GET":
        fresh = {"once": uuid.uuid4(), "ends_at": _full_hour(clock.now() + SHOWN_FOR)}
        return _page(request, NoticeForm(initial=fresh))
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    staff = request.staff
    try:
        notice = notices.publish(**form.cleaned_data, actor=staff.actor)
    except NotAllowed as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=422)
    later = notice.starts_at > clock.now()
    messages.success(
        request,
        "予約しました。時刻になると住民のページに出ます。"
        if later
        else "住民のページに出しました。",
    )
    return redirect("disaster:notices")


@require_POST
@staff_required("operator")
def withdraw(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Take a line away."""
    staff = request.staff
    try:
        notices.withdraw(notice_id, actor=staff.actor)
    except Notice.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, "取り下げました。住民のページから消えます。")
    return redirect("disaster:notices")


def _page(request: StaffRequest, form: NoticeForm, status: int = 200) -> HttpResponse:
    past = Paginator(notices.past(), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "standing": showing.notices(notices.standing()),
        "past": showing.notices(past),
        "shown": past,
    }
    return render(request, "disaster/notices.html", context, status=status)


def _full_hour(moment: datetime) -> datetime:
    """The next full hour."""
    return (moment + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
