"""What staff reads: the list and a case; and what staff writes down on the telephone."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import inbox
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.people.models import Department, StaffMember
from madoguchi.services.disaster import history, showing
from madoguchi.services.disaster.data import SERVICE
from madoguchi.services.disaster.forms import FilterForm, JudgeForm, NoteForm, PhoneForm, PlaceForm
from madoguchi.services.disaster.models import Photo, Report

PAGE = 50


@require_GET
@staff_required("viewer")
def case_list(request: StaffRequest) -> HttpResponse:
    """The cases that match the filters, the most urgent and newest first."""
    form = FilterForm(request.GET)
    staff = request.staff
    found = cases.matching(form.wanted(staff.pk))
    if form.asked_back():
        found = found.filter(ask_pending=True)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "shown": page, "rows": showing.rows(page)}
    return render(request, "disaster/cases.html", context)


@require_GET
@staff_required("viewer")
def case_page(request: StaffRequest, number: str) -> HttpResponse:
    """One case: what was told, why it was read so, its history, and everything staff can do."""
    case = find_case(number)
    staff = request.staff
    audit.record("case.read", f"case:{case.pk}", actor=staff.actor)
    reports = (
        Report.objects.filter(case=case)
        .select_related("contact__person", "inbound__for_person")
        .prefetch_related(Prefetch("photos", Photo.objects.select_related("file")))
        .order_by("-sent_at")
    )
    context = {
        "case": case,
        "shown": showing.row(case),
        "reports": showing.reports(reports),
        "history": history.steps(case.pk),
        "near": showing.near(case),
        "departments": Department.objects.filter(active=True),
        "colleagues": StaffMember.objects.filter(active=True).select_related("department"),
        "place_form": PlaceForm(initial={"where": case.place_label}),
        "judge_form": JudgeForm(
            initial={
                "urgency": case.urgency,
                "categories": case.categories,
                "doubtful": case.doubtful,
            }
        ),
        "note_form": NoteForm(),
        "may_act": staff.role != StaffMember.Role.VIEWER,
    }
    return render(request, "disaster/case.html", context)


@require_http_methods(["GET", "POST"])
@staff_required("operator")
def phone(request: StaffRequest) -> HttpResponse:
    """The telephone and counter twin: staff writes what it heard; the same door takes it."""
    if request.method == "GET":
        return render(request, "disaster/phone.html", {"form": PhoneForm(initial=_once())})
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return render(request, "disaster/phone.html", {"form": form}, status=422)
    once = str(form.cleaned_data["once"])
    staff = request.staff
    # Without a number each call is a caller of its own: nobody's words are mixed with another's.
    caller = form.cleaned_data["caller"] or f"call-{once}"
    memo = Incoming(once, EventKind.TEXT, caller, clock.now(), text=form.cleaned_data["text"])
    inbox.receive("phone", [memo])
    audit.record("phone.enter", f"staff:{staff.pk}", actor=staff.actor)
    messages.success(request, "登録しました。数秒で地図に出ます。")
    return redirect("disaster:phone")


def find_case(number: str) -> Case:
    """A case of this room in this town, or 404."""
    try:
        case = cases.case_by_number(number)
    except Case.DoesNotExist as missing:
        raise Http404 from missing
    if case.service != SERVICE:
        raise Http404
    return case


def _once() -> dict[str, object]:
    return {"once": uuid.uuid4()}
