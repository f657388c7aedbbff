"""The page on which an administrator connects the town to Slack."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from madoguchi.channels.drills import MARK
from madoguchi.channels.keeping import Misconfigured, NotOurs, Where
from madoguchi.channels.slack import account as accounts
from madoguchi.channels.slack import channel, health
from madoguchi.channels.slack.account import KEEPER
from madoguchi.channels.slack.forms import SlackForm
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.messages.data import Outcome
from madoguchi.kernel.people.api import StaffRequest, staff_required

NOT_YET = "先に、手順2でWebhook URLを入れてください。"
TRIAL = "これは接続を確かめるための知らせです。届いていれば、設定はできています。"


@never_cache
@require_safe
@staff_required("admin")
def page(request: StaffRequest) -> HttpResponse:
    """Where the town stands, step by step."""
    return _page(request, _form(request))


@never_cache
@sensitive_post_parameters("url")
@require_POST
@staff_required("admin")
def keep(request: StaffRequest) -> HttpResponse:
    """Store the values; the address goes nowhere else and is not shown again."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    plain = {"events": form.cleaned_data["events"]}
    plain["origin"] = request.build_absolute_uri("/").rstrip("/")
    secrets = {"url": form.cleaned_data["url"]}
    try:
        KEEPER.keep(request.town.pk, secrets, actor=request.staff.actor, plain=plain)
    except NotOurs as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "保存しました。手順3で試してください。")
    return redirect("slack_desk:page")


@never_cache
@require_POST
@staff_required("admin")
def send(request: StaffRequest) -> HttpResponse:
    """Post a test."""
    try:
        account = accounts.of_town(request.town.settings)
    except Misconfigured as wrong:
        messages.error(request, str(wrong))
        return redirect("slack_desk:page")
    if account is None:
        messages.error(request, NOT_YET)
        return redirect("slack_desk:page")
    drill = MARK if request.town.settings.get("drill") else ""
    receipt = channel.post(account, f"{drill}{request.town.name}：{TRIAL}")
    audit.record("slack.try", f"town:{request.town.code}", actor=request.staff.actor)
    if receipt.outcome is Outcome.SENT:
        messages.success(request, "送りました。Slackのチャンネルを確かめてください。")
    else:
        detail = receipt.detail.replace("直るまで、自動で送り直します。", "")
        again = "しばらく待って、もう一度試してください。"
        messages.error(
            request, f"送れませんでした。{detail.replace('自動で送り直します。', again)}"
        )
    return redirect("slack_desk:page")


def _page(request: StaffRequest, form: SlackForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "whole": KEEPER.has(request.town, "url"),
        "editable": KEEPER.where(request.town) is not Where.MACHINE,
        "condition": health.condition(request.town),
    }
    return render(request, "channels_slack/desk.html", context, status=status)


def _form(request: StaffRequest, data: Mapping[str, Any] | None = None) -> SlackForm:
    events = KEEPER.of(request.town).get("events")
    initial = {"events": events if isinstance(events, list) else ["urgent", "failed", "late"]}
    return SlackForm(data, initial=initial, has_url=KEEPER.has(request.town, "url"))
