"""The page on which an administrator connects the town to LINE.

LINE's SDK takes seconds to import: only the views that speak to LINE import it.
"""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from madoguchi.channels.line import account as accounts
from madoguchi.channels.line import keeping
from madoguchi.channels.line.account import Account, Misconfigured
from madoguchi.channels.line.forms import SecretsForm
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.people.api import StaffRequest, staff_required

if TYPE_CHECKING:
    from madoguchi.channels.line.checking import Step

NOT_YET = "先に、手順2でチャネルシークレットとチャネルアクセストークンを入れてください。"


@never_cache
@require_safe
@staff_required("admin")
def page(request: StaffRequest) -> HttpResponse:
    """Where the town stands, step by step."""
    return _page(request, _form(request))


@never_cache
@sensitive_post_parameters("secret", "token")
@require_POST
@staff_required("admin")
def keep(request: StaffRequest) -> HttpResponse:
    """Store the secrets; they go nowhere else and are not shown again."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        keeping.keep(request.town.pk, **form.cleaned_data, actor=request.staff.actor)
    except keeping.NotOurs as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "保存しました。手順3と4に進んでください。")
    return redirect("line_desk:page")


@never_cache
@require_POST
@staff_required("admin")
def check(request: StaffRequest) -> HttpResponse:
    """Ask LINE, and show what it said."""
    account = _account(request)
    if account is None:
        return redirect("line_desk:page")
    from madoguchi.channels.line import checking
    from madoguchi.channels.line.client import LineClient

    found = checking.examine(LineClient(account), webhook_url(request))
    return _page(request, _form(request), found=found, connected=checking.connected(found))


@never_cache
@require_POST
@staff_required("admin")
def menu(request: StaffRequest) -> HttpResponse:
    """Put the rich menu below the conversation."""
    account = _account(request)
    if account is None:
        return redirect("line_desk:page")
    from madoguchi.channels.line import richmenu
    from madoguchi.channels.line.client import LineClient

    town = request.town
    offered = richmenu.buttons(request.build_absolute_uri("/").rstrip("/"), town.contact_phone)
    try:
        png = richmenu.draw(offered, richmenu.japanese_font)
        menu_id = richmenu.install(LineClient(account), offered, png)
    except richmenu.MenuFailed as failed:
        messages.error(request, f"メニューは入りませんでした。{failed}")
    else:
        audit.record("line.menu", f"town:{town.code}", actor=request.staff.actor, menu=menu_id)
        messages.success(
            request, "メニューを入れました。LINEのトーク画面を開き直すと、下に出ます。"
        )
    return redirect("line_desk:page")


def webhook_url(request: HttpRequest) -> str:
    """The address for LINE Developers: this host's webhook."""
    return request.build_absolute_uri(reverse("channels_line:webhook"))


def _page(
    request: StaffRequest,
    form: SecretsForm,
    *,
    found: "Sequence[Step]" = (),
    connected: bool = False,
    status: int = 200,
) -> HttpResponse:
    url = webhook_url(request)
    standing = keeping.standing(request.town)
    context = {
        "form": form,
        "standing": standing,
        "editable": standing.where is not keeping.Where.MACHINE,
        "webhook_url": url,
        "secure": urlsplit(url).scheme == "https",
        "found": found,
        "connected": connected,
    }
    return render(request, "channels_line/desk.html", context, status=status)


def _form(request: StaffRequest, data: Mapping[str, Any] | None = None) -> SecretsForm:
    form = SecretsForm(data)
    if not keeping.standing(request.town).whole:
        form.require_both()
    return form


def _account(request: StaffRequest) -> Account | None:
    """The account; None when it cannot be used, which a message then says."""
    try:
        account = accounts.read(request.town.settings, os.environ)
    except Misconfigured as wrong:
        messages.error(request, str(wrong))
        return None
    if account is None:
        messages.error(request, NOT_YET)
    return account
