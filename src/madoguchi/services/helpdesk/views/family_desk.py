"""家族の代理: who acts for whom; consent on paper or by telephone is recorded here."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people import proxies
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.people.models import Proxy, ProxyAsk, StaffMember
from madoguchi.kernel.people.proxies import ProxyRefused
from madoguchi.services.helpdesk import family

PAGE = 50


class ConsentForm(forms.Form):
    """How and when the person consented."""

    by = forms.ChoiceField(
        label="同意の方法", choices=[("paper", "同意書（窓口で）"), ("phone", "本人の電話")]
    )
    on = forms.DateField(
        label="同意した日",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "日付を入れてください。", "invalid": "日付を選んでください。"},
    )


@require_GET
@staff_required("operator")
def page(request: StaffRequest) -> HttpResponse:
    """Requests that wait for consent, and all that was consented to."""
    rows = proxies.read(actor=request.staff.actor, purpose="desk")
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    context = {
        "asks": ProxyAsk.objects.filter(closed_at=None).order_by("id")[:PAGE],
        "shown": shown,
        "rows": [(row, row.ended_at is None and row.ends_at > now) for row in shown],
        "form": ConsentForm(initial={"on": clock.jst(now).date()}),
        "may_act": request.staff.role != StaffMember.Role.VIEWER,
    }
    return render(request, "helpdesk/family_desk.html", context)


@require_POST
@staff_required("operator")
def consent(request: StaffRequest, ask_id: int) -> HttpResponse:
    """The person has consented, or will not."""
    ask = get_object_or_404(ProxyAsk, pk=ask_id)
    if request.POST.get("drop"):
        proxies.drop(ask.pk, actor=request.staff.actor)
        messages.success(request, f"{ask.number} を取り下げました。")
        return redirect("helpdesk:family")
    form = ConsentForm(request.POST)
    if not form.is_valid():
        messages.error(request, "同意の方法と、同意した日を入れてください。")
        return redirect("helpdesk:family")
    try:
        with transaction.atomic():
            proxy = proxies.record_consent(ask.pk, **form.cleaned_data, actor=request.staff.actor)
            family.tell_both(proxy)
    except ProxyRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "同意を記録しました。両方に知らせます。")
    return redirect("helpdesk:family")


@require_POST
@staff_required("operator")
def act(request: StaffRequest, proxy_id: int, verb: str) -> HttpResponse:
    """Renew for a year, or end."""
    proxy = get_object_or_404(Proxy, pk=proxy_id)
    try:
        if verb == "renew":
            form = ConsentForm(request.POST)
            if not form.is_valid():
                raise ProxyRefused("同意の方法と、同意した日を入れてください。")
            proxies.renew(proxy.pk, **form.cleaned_data, actor=request.staff.actor)
            messages.success(request, "もう1年、続けます。")
        elif verb == "end":
            family.end(proxy, actor=request.staff.actor)
            messages.success(request, "終わりにしました。両方に知らせます。")
        else:
            raise ProxyRefused("その操作はありません。")
    except ProxyRefused as refused:
        messages.error(request, str(refused))
    return redirect("helpdesk:family")
