"""What staff does in the room: the queue, a request, and what is written down for others."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.channels.paper import api as paper
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import NotAllowed
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.messages import dispatch
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.people.models import Department, StaffMember
from madoguchi.services.helpdesk import domain, queries, showing
from madoguchi.services.helpdesk.data import SERVICE, Asking
from madoguchi.services.helpdesk.forms import EnterForm, NoteForm
from madoguchi.services.helpdesk.models import HelpRequest

PAGE = 50
SHOWS = {"calls": queries.wanted_calls, "closed": queries.closed}


@require_GET
@staff_required("viewer")
def queue(request: StaffRequest) -> HttpResponse:
    """Who waits, the oldest first; or the calls to make, or what is done."""
    show = request.GET.get("show", "")
    rows = SHOWS.get(show, queries.waiting)()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "show": show if show in SHOWS else "",
        "shown": page,
        "rows": [showing.row(row) for row in page],
        "waiting_count": queries.waiting().count(),
        "calls_count": queries.wanted_calls().count(),
        "within": queries.within_a_day_lately(),
        "may_act": _may_act(request),
    }
    return render(request, "helpdesk/queue.html", context)


@require_GET
@staff_required("viewer")
def case_page(request: StaffRequest, help_number: str) -> HttpResponse:
    """One request, its history, and everything staff can do."""
    row = find(help_number)
    domain.read(row, actor=request.staff.actor)
    context = {
        "shown": showing.row(row),
        "case": row.case,
        "text": row.text,
        "photo": str(row.file.key) if row.file else "",
        "can_write": domain.can_write(row),
        "speaker": _speaker(row),
        "history": showing.history(row.case_id),
        "departments": Department.objects.filter(active=True),
        "colleagues": StaffMember.objects.filter(active=True).select_related("department"),
        "may_act": _may_act(request),
    }
    return render(request, "helpdesk/case.html", context)


@require_http_methods(["GET", "POST"])
@staff_required("operator")
def enter(request: StaffRequest) -> HttpResponse:
    """The telephone and counter twin: the same verb, written down by staff."""
    if request.method == "GET":
        return render(request, "helpdesk/enter.html", {"form": EnterForm()})
    form = EnterForm(request.POST)
    if not form.is_valid():
        return render(request, "helpdesk/enter.html", {"form": form}, status=422)
    asking = form.asking(form.cleaned_data["channel"])
    with transaction.atomic():
        once, actor = str(form.cleaned_data["once"]), request.staff.actor
        row = HelpRequest.objects.select_related("case").filter(once=once).first()
        if row is None:
            row = domain.ask(asking, once=once, contact_id=_way_back(asking, actor), actor=actor)
    messages.success(request, f"登録しました。受付番号は {row.case.number} です。")
    return redirect("helpdesk:case", help_number=row.case.number)


@require_POST
@staff_required("operator")
def act(request: StaffRequest, help_number: str) -> HttpResponse:
    """One verb on one request; what cannot be done is said on its page."""
    row = find(help_number)
    verb = _VERBS.get(request.POST.get("verb", ""))
    try:
        if verb is None:
            raise NotAllowed("その操作はありません。ページを開き直してください。")
        messages.success(request, verb(request, row))
    except NotAllowed as refused:
        messages.error(request, str(refused))
    return redirect("helpdesk:case", help_number=help_number)


@require_POST
@staff_required("operator")
def take_voice(request: StaffRequest, inbound_id: int) -> HttpResponse:
    """Make a request of a message that nobody took."""
    inbound = get_object_or_404(Inbound, pk=inbound_id)
    dispatch.hand_over(inbound.pk, SERVICE, actor=request.staff.actor)
    row = HelpRequest.objects.select_related("case").get(once=f"inbound:{inbound.pk}")
    messages.success(request, f"使い方の相談 {row.case.number} を作りました。")
    return redirect("helpdesk:case", help_number=row.case.number)


def find(number: str) -> HelpRequest:
    """A request of this town by the number of its case, or 404."""
    try:
        case = cases.case_by_number(number)
    except Case.DoesNotExist as missing:
        raise Http404 from missing
    rows = HelpRequest.objects.select_related(
        "case__department", "case__assignee", "contact__person", "file"
    )
    return get_object_or_404(rows, case=case)


def _speaker(row: HelpRequest) -> str:
    """For whom the asker acted, if they did."""
    pk = row.once.removeprefix("inbound:")
    inbound = Inbound.objects.select_related("for_person").filter(pk=pk if pk.isdigit() else 0)
    told = inbound.first()
    if told is None or row.contact is None:
        return ""
    return people.proxies.spoken(row.contact.person, told.for_person)


def _way_back(asking: Asking, actor: str) -> int | None:
    """The contact by which the answer goes: a letter, the telephone, or none."""
    if asking.address:
        return paper.addressee(asking.name, asking.address, actor=actor).id
    return people.contact_for("phone", asking.phone).id if asking.phone else None


def _assign(request: StaffRequest, row: HelpRequest) -> str:
    case = cases.assign(
        row.case_id,
        department_id=_number(request, "department"),
        assignee_id=_number(request, "assignee"),
        actor=request.staff.actor,
        expected_seq=_number(request, "seq"),
    )
    who = case.department.name if case.department else "選んだ職員"
    return f"{who}の担当にしました。"


def _answer(request: StaffRequest, row: HelpRequest) -> str:
    if domain.answer(row, _note(request), actor=request.staff.actor):
        return "お返事を送ります。"
    return "記録に書きました。送り先がないため、電話で伝えてください。"


def _settle(request: StaffRequest, row: HelpRequest) -> str:
    cases.settle(
        row.case_id,
        note=_note(request),
        actor=request.staff.actor,
        expected_seq=_number(request, "seq"),
    )
    return "相談を終わりにしました。"


def _refuse(request: StaffRequest, row: HelpRequest) -> str:
    cases.refuse(
        row.case_id,
        reason=_note(request),
        actor=request.staff.actor,
        expected_seq=_number(request, "seq"),
    )
    return "お手伝いできないことにしました。"


def _reopen(request: StaffRequest, row: HelpRequest) -> str:
    cases.reopen(row.case_id, actor=request.staff.actor)
    return "もう一度、相談中に戻しました。"


def _reached(request: StaffRequest, row: HelpRequest) -> str:
    note = request.POST.get("note", "")[:1000]
    domain.called(row, note, reached=True, actor=request.staff.actor)
    return "電話で話したことを記録しました。"


def _missed(request: StaffRequest, row: HelpRequest) -> str:
    note = request.POST.get("note", "")[:1000]
    domain.called(row, note, reached=False, actor=request.staff.actor)
    return "出られなかったことを記録しました。電話の一覧に残ります。"


def _remark(request: StaffRequest, row: HelpRequest) -> str:
    cases.note(row.case_id, _note(request), actor=request.staff.actor)
    return "記録に書きました。"


_VERBS: dict[str, Callable[[StaffRequest, HelpRequest], str]] = {
    "assign": _assign,
    "answer": _answer,
    "settle": _settle,
    "refuse": _refuse,
    "reopen": _reopen,
    "reached": _reached,
    "missed": _missed,
    "note": _remark,
}


def _note(request: StaffRequest) -> str:
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise NotAllowed("".join(str(error) for error in form.errors["note"]))
    return str(form.cleaned_data["note"]).replace("\x00", "")


def _number(request: StaffRequest, name: str) -> int | None:
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def _may_act(request: StaffRequest) -> bool:
    return request.staff.role != StaffMember.Role.VIEWER
