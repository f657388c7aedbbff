"""The pages on which an administrator takes staff in, changes them and keeps them out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.people.models import Department, SignInLink, StaffMember

ROLES = (
    ("viewer", "閲覧：見るだけ"),
    ("operator", "対応：案件の対応、電話の受付、お知らせ"),
    ("manager", "責任者：「対応」に加えて、町の決まりごとの設定"),
    ("admin", "管理者：「責任者」に加えて、職員、使う機能、LINEなどの設定"),
)


class MemberForm(forms.Form):
    """Who somebody is, and what they may do."""

    name = forms.CharField(
        label="氏名", max_length=60, error_messages={"required": "氏名を入れてください。"}
    )
    role = forms.ChoiceField(label="権限", choices=ROLES, initial="operator")
    department = forms.CharField(
        label="課",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "departments"}),
    )


@never_cache
@require_safe
@staff_required("admin")
def page(request: StaffRequest) -> HttpResponse:
    """Everybody who is or was staff of the town."""
    used = SignInLink.objects.filter(staff=OuterRef("pk"), used_at__isnull=False)
    rows = StaffMember.objects.select_related("department").annotate(entered=Exists(used))
    context = {
        "members": rows.filter(active=True).order_by("department__order", "department_id", "pk"),
        "left": rows.filter(active=False).order_by("pk"),
    }
    return render(request, "web/members.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required("admin")
def add(request: StaffRequest) -> HttpResponse:
    """Take somebody in; their link is shown at once."""
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _form(request, form)
    try:
        member = people.take_in(**form.cleaned_data, actor=request.staff.actor)
    except people.StaffRefused as refused:
        form.add_error(None, str(refused))
        return _form(request, form)
    return _link(request, member)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required("admin")
def member(request: StaffRequest, member_id: int) -> HttpResponse:
    """One member, to change."""
    found = get_object_or_404(StaffMember.objects.select_related("department"), pk=member_id)
    now = {
        "name": found.name,
        "role": found.role,
        "department": found.department.name if found.department else "",
    }
    if request.method == "GET":
        return _form(request, MemberForm(initial=now), found)
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _form(request, form, found)
    try:
        people.change_staff(found.pk, **form.cleaned_data, actor=request.staff.actor)
    except people.StaffRefused as refused:
        form.add_error(None, str(refused))
        return _form(request, form, found)
    messages.success(request, f"{form.cleaned_data['name']}さんの登録を変えました。")
    return redirect("members")


@never_cache
@require_POST
@staff_required("admin")
def act(request: StaffRequest, member_id: int, verb: str) -> HttpResponse:
    """Give a sign-in link, keep out, or let back in."""
    found = get_object_or_404(StaffMember, pk=member_id)
    actor = request.staff.actor
    if verb == "link" and found.active:
        return _link(request, found)
    try:
        if verb == "stop":
            people.stop_staff(found.pk, actor=actor)
            messages.success(request, f"{found.name}さんは、いまから入れません。記録は残ります。")
        elif verb == "back":
            people.let_staff_back(found.pk, actor=actor)
            messages.success(request, f"{found.name}さんは、また入れます。")
        else:
            messages.error(request, "その操作はできません。ページを開き直してください。")
    except people.StaffRefused as refused:
        messages.error(request, str(refused))
    return redirect("members")


def _form(
    request: StaffRequest, form: MemberForm, member: StaffMember | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "member": member,
        "departments": Department.objects.filter(active=True).values_list("name", flat=True),
    }
    return render(request, "web/member.html", context, status=422 if form.errors else 200)


def _link(request: StaffRequest, member: StaffMember) -> HttpResponse:
    """The only time that the link can be seen; it is in no address, log or row."""
    token = people.make_sign_in_link(member, actor=request.staff.actor)
    url = request.build_absolute_uri(reverse("staff_enter", args=[token]))
    return render(request, "web/member_link.html", {"member": member, "url": url})
