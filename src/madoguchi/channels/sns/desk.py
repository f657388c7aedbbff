"""The page on which an administrator switches social networks on."""

import os
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.channels.keeping import NotOurs, Where
from madoguchi.channels.sns import setup as setups
from madoguchi.channels.sns import taking
from madoguchi.channels.sns.forms import SetupForm
from madoguchi.channels.sns.models import Feed
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people.api import StaffRequest, staff_required
from madoguchi.kernel.towns.models import Town

KEPT = (
    *("words", "names", "hashtags", "ignored", "daily_limit", "mastodon_on", "mastodon_host"),
    *("mastodon_home", "mastodon_list", "mastodon_other_hosts", "bluesky_on", "bluesky_host"),
    "inbox_on",
)
KEY_BYTES = 32


@never_cache
@sensitive_post_parameters("mastodon_token")
@require_http_methods(["GET", "POST"])
@staff_required("admin")
def page(request: StaffRequest) -> HttpResponse:
    """What is set, and how the streams are; or store what was set."""
    if request.method == "GET":
        return _page(request, _form(request.town))
    form = _form(request.town, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        setups.KEEPER.keep(
            request.town.pk,
            {"mastodon_token": form.cleaned_data["mastodon_token"]},
            actor=request.staff.actor,
            plain={name: form.cleaned_data[name] for name in KEPT},
        )
    except NotOurs as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "保存しました。数秒で、新しい設定で受け取り始めます。")
    return redirect("sns_desk:page")


@never_cache
@sensitive_variables("key")
@require_POST
@staff_required("admin")
def key(request: StaffRequest) -> HttpResponse:
    """Make a new key of the webhook and show it this one time; the old one ends."""
    key = secrets.token_urlsafe(KEY_BYTES)
    try:
        setups.KEEPER.keep(request.town.pk, {"inbox_secret": key}, actor=request.staff.actor)
    except NotOurs as refused:
        messages.error(request, str(refused))
        return redirect("sns_desk:page")
    request.town.refresh_from_db()
    return _page(request, _form(request.town), new_key=key)


def _page(
    request: StaffRequest, form: SetupForm, *, new_key: str = "", status: int = 200
) -> HttpResponse:
    town = request.town
    setup = setups.read(town, os.environ)
    taken = taking.taken_today(clock.now())
    url = request.build_absolute_uri(reverse("channels_sns:inbox"))
    context = {
        "form": form,
        "editable": setups.KEEPER.where(town) is not Where.MACHINE,
        "has_token": setups.KEEPER.has(town, "mastodon_token"),
        "has_key": setups.KEEPER.has(town, "inbox_secret"),
        "new_key": new_key,
        "inbox_url": url,
        "secure": urlsplit(url).scheme == "https",
        "problem": setup.problem,
        "feeds": Feed.objects.order_by("name") if setup.mastodon or setup.bluesky else [],
        "taken": taken,
        "limit": setup.daily_limit,
        "full": taken >= setup.daily_limit,
    }
    return render(request, "channels_sns/desk.html", context, status=status)


def _form(town: Town, data: Mapping[str, Any] | None = None) -> SetupForm:
    kept = setups.KEEPER.of(town)
    initial = {name: kept[name] for name in KEPT if name in kept} | {
        "words": setups.words(kept),
        "names": setups.names(kept, town),
        "daily_limit": setups.daily_limit(kept),
        "bluesky_host": setups.bluesky_host(kept),
    }
    return SetupForm(data, initial=initial, has_token=setups.KEEPER.has(town, "mastodon_token"))
