"""What staff does to a case: each view reads a form and calls one verb."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import NotAllowed
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.people.models import StaffMember
from madoguchi.services.disaster import correcting, tellback
from madoguchi.services.disaster.forms import JudgeForm, NoteForm, PlaceForm
from madoguchi.services.disaster.models import Report
from madoguchi.services.disaster.views.desk import find_case


def _see(case_id: int, *, actor: str, expected_seq: int | None) -> Case:
    """Having seen a case cannot overwrite anybody."""
    return cases.see(case_id, actor=actor)


SIMPLE: dict[str, tuple[Callable[..., Case], str]] = {
    "see": (_see, "確認済みにしました。"),
    "start": (cases.start, "対応中にしました。知らせた人に伝えます。"),
    "reopen": (cases.reopen, "もう一度、対応する案件に戻しました。"),
}

Act = Callable[[StaffRequest, Case, StaffMember], str]


def on_case(act: Act) -> Callable[..., HttpResponseBase]:
    """A view of one verb: operators only, POST only; what cannot be done is said on the case."""

    @require_POST
    @staff_required("operator")
    @wraps(act)
    def view(request: StaffRequest, number: str) -> HttpResponse:
        case = find_case(number)
        staff = request.staff
        try:
            messages.success(request, act(request, case, staff))
        except NotAllowed as refused:
            messages.error(request, str(refused))
        return redirect("disaster:case", number=number)

    return view


@on_case
def change_state(request: StaffRequest, case: Case, staff: StaffMember) -> str:
    """Seen, started, settled, refused or reopened."""
    verb = request.POST.get("verb", "")
    seq = _expected(request)
    if verb in ("settle", "refuse"):
        form = NoteForm(request.POST)
        if not form.is_valid():
            raise NotAllowed("知らせた人に伝える内容を書いてください。")
        note = form.cleaned_data["note"]
        if verb == "settle":
            cases.settle(case.pk, note=note, actor=staff.actor, expected_seq=seq)
            return "対応を終えました。知らせた人に伝えます。"
        cases.refuse(case.pk, reason=note, actor=staff.actor, expected_seq=seq)
        return "対応しないことにしました。知らせた人に伝えます。"
    if verb not in SIMPLE:
        raise NotAllowed("その操作はありません。ページを開き直してください。")
    act, said = SIMPLE[verb]
    act(case.pk, actor=staff.actor, expected_seq=seq)
    return said


@on_case
def assign(request: StaffRequest, case: Case, staff: StaffMember) -> str:
    """Give the case to a department and, if named, to one person."""
    assigned = cases.assign(
        case.pk,
        department_id=_number(request, "department"),
        assignee_id=_number(request, "assignee"),
        actor=staff.actor,
        expected_seq=_expected(request),
    )
    who = assigned.department.name if assigned.department else "選んだ職員"
    return f"{who}の担当にしました。知らせた人に伝えます。"


@on_case
def correct_place(request: StaffRequest, case: Case, staff: StaffMember) -> str:
    """Put the case where it is, by words or by a pin."""
    form = PlaceForm(request.POST)
    if not form.is_valid():
        raise NotAllowed("住所や建物の名前を入れるか、地図で場所を選んでください。")
    place = correcting.place_from(
        form.cleaned_data["where"], form.cleaned_data["lat"], form.cleaned_data["lon"], case
    )
    correcting.correct_place(case, place, actor=staff.actor, expected_seq=_expected(request))
    return f"場所を「{place.label}」に直しました。知らせた人に伝えます。"


@on_case
def judge(request: StaffRequest, case: Case, staff: StaffMember) -> str:
    """Overrule what the machine decided."""
    form = JudgeForm(request.POST)
    if not form.is_valid():
        raise NotAllowed("緊急度を選び、種類を1つ以上選んでください。")
    correcting.judge(
        case,
        urgency=form.cleaned_data["urgency"],
        categories=form.cleaned_data["categories"],
        doubtful=form.cleaned_data["doubtful"],
        actor=staff.actor,
        expected_seq=_expected(request),
    )
    return "判断を直しました。"


@on_case
def merge(request: StaffRequest, case: Case, staff: StaffMember) -> str:
    """Join this case with another one about the same thing."""
    number = request.POST.get("into", "").strip()
    try:
        into = find_case(number)
    except Http404 as missing:
        said = f"受付番号 {number} の案件は見つかりません。番号を確かめてください。"
        raise NotAllowed(said) from missing
    correcting.merge(case, into, actor=staff.actor, expected_seq=_expected(request))
    return f"{into.number} とまとめました。知らせた人に伝えます。"


@on_case
def split(request: StaffRequest, case: Case, staff: StaffMember) -> str:
    """Take one report out of a case into a case of its own."""
    report = get_object_or_404(Report, pk=_number(request, "report"), case=case)
    fresh = correcting.split(report, actor=staff.actor)
    return f"別の案件 {fresh.number} に分けました。"


@on_case
def write(request: StaffRequest, case: Case, staff: StaffMember) -> str:
    """Write to everybody who told of this case, or only into the history."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise NotAllowed("内容を書いてください。")
    note = form.cleaned_data["note"]
    if request.POST.get("inside"):
        cases.note(case.pk, note, actor=staff.actor)
        return "記録に書きました。"
    with transaction.atomic():
        cases.note(case.pk, f"送信：{note}", actor=staff.actor)
        people_told = tellback.write(case, note)
    if people_told == 0:
        return "記録に書きました。送り先がないため、電話で伝えてください。"
    return f"{people_told}人に送ります。"


@require_POST
@staff_required("operator")
def open_from_voice(request: StaffRequest, inbound_id: int) -> HttpResponse:
    """Overrule the machine: this message needs somebody to act."""
    staff = request.staff
    inbound = get_object_or_404(Inbound, pk=inbound_id)
    try:
        case = correcting.open_from_voice(inbound, actor=staff.actor)
    except NotAllowed as refused:
        messages.error(request, str(refused))
        return redirect("voices")
    messages.success(request, f"案件 {case.number} を作りました。")
    return redirect("disaster:case", number=case.number)


def _expected(request: StaffRequest) -> int | None:
    """The state of the case that the page showed, so that nobody overwrites a colleague."""
    return _number(request, "seq")


def _number(request: StaffRequest, name: str) -> int | None:
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
