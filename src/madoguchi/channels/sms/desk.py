"""The page on which an administrator connects the town to the provider of short messages."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from madoguchi.channels.keeping import Misconfigured, NotOurs, Where
from madoguchi.channels.sms import account as accounts
from madoguchi.channels.sms import health, numbers, segments, wording
from madoguchi.channels.sms.account import KEEPER, Account
from madoguchi.channels.sms.forms import CountForm, SmsForm, TryForm
from madoguchi.channels.sms.provider import Verdict
from madoguchi.channels.sms.twilio import Twilio
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.messages.data import Outgoing
from madoguchi.kernel.people.api import StaffRequest, staff_required

NOT_YET = "先に、手順2で契約先の値を入れてください。"
TRIAL = Outgoing("これは接続を確かめるための、試しのSMSです。届いていれば、設定はできています。")


@never_cache
@require_safe
@staff_required("admin")
def page(request: StaffRequest) -> HttpResponse:
    """Where the town stands, step by step."""
    return _page(request, _form(request))


@never_cache
@sensitive_post_parameters("token")
@require_POST
@staff_required("admin")
def keep(request: StaffRequest) -> HttpResponse:
    """Store the values; the token goes nowhere else and is not shown again."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    given = form.cleaned_data
    plain = {name: given[name] for name in ("account_sid", "sender", "yen", "can_answer")}
    plain["origin"] = request.build_absolute_uri("/").rstrip("/")
    try:
        KEEPER.keep(
            request.town.pk, {"token": given["token"]}, actor=request.staff.actor, plain=plain
        )
    except NotOurs as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "保存しました。手順3に進んでください。")
    return redirect("sms_desk:page")


@never_cache
@require_POST
@staff_required("admin")
def check(request: StaffRequest) -> HttpResponse:
    """Ask the provider for the account; nobody receives anything."""
    account = _account(request)
    if account is not None:
        answer = Twilio(account).check()
        if answer.verdict is Verdict.TAKEN:
            messages.success(request, "SMSの会社とつながりました。")
        else:
            messages.error(request, f"つながりませんでした。{_now(answer.detail)}")
    return redirect("sms_desk:page")


@never_cache
@require_POST
@staff_required("admin")
def send(request: StaffRequest) -> HttpResponse:
    """Send a test message to the administrator's own phone."""
    trial = TryForm(request.POST)
    if not trial.is_valid():
        return _page(request, _form(request), trial=trial, status=400)
    account = _account(request)
    if account is not None:
        answer = Twilio(account).send(trial.cleaned_data["to"], _trial_text(request), "")
        audit.record("sms.try", f"town:{request.town.code}", actor=request.staff.actor)
        if answer.verdict is Verdict.TAKEN:
            to = numbers.masked(trial.cleaned_data["to"])
            messages.success(request, f"{to} に送りました。1分ほどで届きます。")
        else:
            messages.error(request, f"送れませんでした。{_now(answer.detail)}")
    return redirect("sms_desk:page")


@never_cache
@require_POST
@staff_required("admin")
def count(request: StaffRequest) -> HttpResponse:
    """Say how many parts a text has and what they cost, before anybody sends it."""
    counting = CountForm(request.POST)
    size = None
    if counting.is_valid():
        size = segments.measure(counting.cleaned_data["text"].replace("\r\n", "\n"))
    status = 200 if size else 400
    return _page(request, _form(request), counting=counting, size=size, status=status)


def _page(
    request: StaffRequest,
    form: SmsForm,
    *,
    trial: TryForm | None = None,
    counting: CountForm | None = None,
    size: segments.Size | None = None,
    status: int = 200,
) -> HttpResponse:
    known = KEEPER.of(request.town)
    yen = float(str(known.get("yen") or 0))
    trial_size = segments.measure(_trial_text(request))
    context = {
        "form": form,
        "trial": trial or TryForm(),
        "counting": counting or CountForm(),
        "size": size,
        "cost": size.yen(yen) if size else 0,
        "trial_size": trial_size,
        "trial_cost": trial_size.yen(yen),
        "yen": yen,
        "whole": _has_token(request) and bool(known.get("account_sid")),
        "editable": KEEPER.where(request.town) is not Where.MACHINE,
        "inbound_url": request.build_absolute_uri("/channels/sms/inbound"),
        "can_answer": known.get("can_answer"),
        "secure": request.is_secure(),
        "condition": health.condition(request.town),
    }
    return render(request, "channels_sms/desk.html", context, status=status)


def _trial_text(request: StaffRequest) -> str:
    town = request.town
    drill = bool(town.settings.get("drill"))
    return wording.to_sms(
        (TRIAL,), town=town.name, phone=town.contact_phone, can_answer=False, drill=drill
    )


def _form(request: StaffRequest, data: Mapping[str, Any] | None = None) -> SmsForm:
    known = {n: v for n, v in KEEPER.of(request.town).items() if v not in ("", None)}
    return SmsForm(data, initial=known or None, has_token=_has_token(request))


def _has_token(request: StaffRequest) -> bool:
    return KEEPER.has(request.town, "token")


def _account(request: StaffRequest) -> Account | None:
    """The account; None when it cannot be used, which a message then says."""
    try:
        account = accounts.of_town(request.town.settings)
    except Misconfigured as wrong:
        messages.error(request, str(wrong))
        return None
    if account is None:
        messages.error(request, NOT_YET)
    return account


def _now(detail: str) -> str:
    """Nothing is repeated here by itself."""
    return detail.replace("直るまで、自動で送り直します。", "").replace(
        "自動で送り直します。", "しばらく待って、もう一度確かめてください。"
    )
