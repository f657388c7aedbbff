"""印刷して渡す: the page of letters, lists and posters, and the PDFs behind its links."""

from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.channels.paper import printing, queue, sheets
from madoguchi.channels.paper.models import Letter
from madoguchi.channels.paper.typesetting import NoPaper
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.people.models import StaffMember
from madoguchi.ui import services

PAGE = 50
SOURCE = forms.RegexField(r"^[a-z]+(-[a-z0-9]{1,8})?$", max_length=30)


@require_GET
@staff_required("viewer")
def desk(request: StaffRequest) -> HttpResponse:
    """Letters that wait, lists, posters, and letters that went."""
    waiting = queue.waiting()
    past = Paginator(queue.handed(), PAGE).get_page(request.GET.get("page"))
    audit.record("letters.read", request.staff.actor, actor=request.staff.actor)
    context = {
        "waiting": list(waiting[: PAGE * 2]),
        "waiting_count": waiting.count(),
        "past": past,
        "shown": past,
        "sheets": sheets.offered(services.on(request.town)),
        "hows": Letter.How.choices,
        "where": printing.where(request),
        "may_act": request.staff.role != StaffMember.Role.VIEWER,
    }
    return render(request, "paper/desk.html", context)


@require_POST
@staff_required("operator")
def print_letters(request: StaffRequest) -> HttpResponse:
    """The chosen letters (none chosen: all that wait) as one PDF; they are printed from now on."""
    chosen = [int(pk) for pk in request.POST.getlist("letter") if pk.isdecimal() and len(pk) < 19]
    rows = queue.waiting()
    rows = rows.filter(pk__in=chosen) if chosen else rows
    found = list(rows)
    if not found:
        messages.error(request, "印刷する手紙がありません。")
        return redirect("paper:desk")
    try:
        made = printing.letters(found)
    except NoPaper as missing:
        messages.error(request, str(missing))
        return redirect("paper:desk")
    queue.mark_printed([row.pk for row in found], actor=request.staff.actor)
    return _pdf(made, "お知らせの手紙")


@require_POST
@staff_required("operator")
def hand_over(request: StaffRequest, paper_letter_id: int) -> HttpResponse:
    """The letter has reached the person."""
    how = request.POST.get("how", "")
    row = get_object_or_404(Letter, pk=paper_letter_id)
    if how not in Letter.How.values:
        messages.error(request, "渡し方を選んでください。")
    elif queue.hand_over(row.pk, Letter.How(how), actor=request.staff.actor):
        messages.success(request, f"{row.reference} を渡したことを記録しました。")
    else:
        messages.error(request, "この手紙は、ほかの職員がすでに渡しています。")
    return redirect("paper:desk")


@require_GET
@staff_required("operator")
def sheet(request: StaffRequest, sheet: str) -> HttpResponse:
    """A list as PDF."""
    offered = {one.name: one for one in sheets.offered(services.on(request.town))}
    if sheet not in offered:
        raise Http404
    audit.record("list.print", request.staff.actor, actor=request.staff.actor, list=sheet)
    try:
        return _pdf(printing.listing(offered[sheet].build()), offered[sheet].title)
    except NoPaper as missing:
        return _cannot(request, missing)


@require_GET
@staff_required("viewer")
def poster(request: StaffRequest) -> HttpResponse:
    """The poster, A4 or A3."""
    paper = request.GET.get("paper", "a4")
    if paper not in ("a4", "a3"):
        raise Http404
    try:
        made = printing.poster(
            printing.where(request), paper=paper, source=_source(request, "poster")
        )
    except NoPaper as missing:
        return _cannot(request, missing)
    return _pdf(made, f"ポスター{paper.upper()}")


@require_GET
@staff_required("viewer")
def leaflet(request: StaffRequest) -> HttpResponse:
    """The leaflet for who moves in."""
    try:
        made = printing.leaflet(printing.where(request), source=_source(request, "leaflet"))
    except NoPaper as missing:
        return _cannot(request, missing)
    return _pdf(made, "転入者へ")


class AddressForm(forms.Form):
    """What prints say of the town."""

    web_address = forms.URLField(
        label="住民のページのアドレス",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "https:// から始まるアドレスを入れてください。"},
    )
    line_id = forms.RegexField(
        r"^@[A-Za-z0-9._-]{2,30}$",
        label="LINE公式アカウントのID（@から）",
        required=False,
        error_messages={"invalid": "@から始まるIDを入れてください。例：@123abcde"},
    )
    contact_phone = forms.RegexField(
        r"^[0-9-]{3,20}$",
        label="役所の代表電話",
        required=False,
        error_messages={"invalid": "数字とハイフンで入れてください。例：042-000-0000"},
    )
    help_phone = forms.RegexField(
        r"^[0-9-]{3,20}$",
        label="使い方の相談の電話番号",
        required=False,
        error_messages={"invalid": "数字とハイフンで入れてください。例：042-000-0000"},
    )


@require_http_methods(["GET", "POST"])
@staff_required("manager")
def addresses(request: StaffRequest) -> HttpResponse:
    """Where the town is found online, for codes and prints; and the telephone of the help desk."""
    names = list(AddressForm.base_fields)
    if request.method == "GET":
        initial = {name: request.town.settings.get(name, "") for name in names}
        initial["contact_phone"] = request.town.contact_phone
        return render(request, "paper/addresses.html", {"form": AddressForm(initial=initial)})
    form = AddressForm(request.POST)
    if not form.is_valid():
        return render(request, "paper/addresses.html", {"form": form}, status=422)
    town = request.town
    said = dict(form.cleaned_data)
    town.contact_phone = said.pop("contact_phone")
    town.settings = {**town.settings, **said}
    town.save(update_fields=["contact_phone", "settings"])
    audit.record("town.addresses", f"town:{town.code}", actor=request.staff.actor)
    messages.success(request, "保存しました。次に印刷するものから使います。")
    return redirect("paper:addresses")


def _source(request: StaffRequest, kind: str) -> str:
    """The source that the codes carry: the kind, with the letter that staff chose."""
    asked = f"{kind}-{request.GET.get('mark', '')}".rstrip("-")
    try:
        return str(SOURCE.clean(asked))
    except forms.ValidationError as odd:
        raise Http404 from odd


def _pdf(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}.pdf"
    return response


def _cannot(request: StaffRequest, why: NoPaper) -> HttpResponse:
    messages.error(request, str(why))
    return redirect("paper:desk")
