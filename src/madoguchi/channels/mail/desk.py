"""The page on which an administrator connects the town's mailbox, and the list of its mails."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from madoguchi.channels.keeping import NotOurs, Where
from madoguchi.channels.mail import account as accounts
from madoguchi.channels.mail import checking, health
from madoguchi.channels.mail.account import KEEPER, Account, Misconfigured
from madoguchi.channels.mail.forms import MailForm, TryForm
from madoguchi.channels.mail.models import StoredLetter
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.people.api import StaffRequest, staff_required

NOT_YET = "先に、手順2でメールボックスの値を入れてください。"
LETTERS_A_PAGE = 50


@never_cache
@require_safe
@staff_required("admin")
def page(request: StaffRequest) -> HttpResponse:
    """Where the town stands, step by step."""
    return _page(request, _form(request))


@never_cache
@sensitive_post_parameters("password", "smtp_password")
@require_POST
@staff_required("admin")
def keep(request: StaffRequest) -> HttpResponse:
    """Store the values; the passwords go nowhere else and are not shown again."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        KEEPER.keep(request.town.pk, form.secrets(), actor=request.staff.actor, plain=form.plain())
    except NotOurs as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "保存しました。手順3に進んでください。")
    return redirect("mail_desk:page")


@never_cache
@require_POST
@staff_required("admin")
def check(request: StaffRequest) -> HttpResponse:
    """Log in to the mailbox and the sending server; nobody receives anything."""
    account = _account(request)
    if account is None:
        return redirect("mail_desk:page")
    found = checking.examine(account)
    return _page(request, _form(request), found=found)


@never_cache
@require_POST
@staff_required("admin")
def send(request: StaffRequest) -> HttpResponse:
    """Send a test mail to the administrator's own address."""
    trial = TryForm(request.POST)
    if not trial.is_valid():
        return _page(request, _form(request), trial=trial, status=400)
    account = _account(request)
    if account is None:
        return redirect("mail_desk:page")
    step = checking.send(account, request.town, trial.cleaned_data["to"], str(uuid.uuid4()))
    audit.record("mail.try", f"town:{request.town.code}", actor=request.staff.actor)
    return _page(request, _form(request), found=[step])


@never_cache
@require_safe
@staff_required("operator")
def letters(request: StaffRequest) -> HttpResponse:
    """All mails, also those that are not answered, newest first."""
    rows = StoredLetter.objects.select_related("inbound").order_by("-id")
    if request.GET.get("kind") == "unanswered":
        rows = rows.filter(inbound__isnull=True)
    shown = Paginator(rows, LETTERS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "channels_mail/letters.html", {"shown": shown})


@never_cache
@require_safe
@staff_required("operator")
def letter(request: StaffRequest, letter_id: int) -> HttpResponse:
    """One mail with all its text."""
    row = get_object_or_404(StoredLetter, pk=letter_id)
    audit.record("mail.read", f"letter:{row.pk}", actor=request.staff.actor)
    return render(request, "channels_mail/letter.html", {"letter": row})


def _page(
    request: StaffRequest,
    form: MailForm,
    *,
    found: Sequence[checking.Step] = (),
    trial: TryForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "trial": trial or TryForm(),
        "whole": _has_password(request) and bool(KEEPER.of(request.town).get("address")),
        "editable": KEEPER.where(request.town) is not Where.MACHINE,
        "found": found,
        "connected": all(step.well for step in found),
        "condition": health.condition(request.town),
    }
    return render(request, "channels_mail/desk.html", context, status=status)


def _form(request: StaffRequest, data: Mapping[str, Any] | None = None) -> MailForm:
    known = {name: value for name, value in KEEPER.of(request.town).items() if value}
    return MailForm(data, initial=known or None, has_password=_has_password(request))


def _has_password(request: StaffRequest) -> bool:
    return KEEPER.has(request.town, "password")


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
