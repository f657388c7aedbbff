"""How the channel of a town is, by its rows alone: for staff's home and the operator's check."""

import os
from typing import TYPE_CHECKING

from django.urls import reverse

from madoguchi.channels.condition import Condition
from madoguchi.channels.sns import setup as setups
from madoguchi.channels.sns import taking
from madoguchi.channels.sns.models import Feed
from madoguchi.channels.sns.setup import Setup
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns.models import Town
from madoguchi.ui.waiting import Waiting

if TYPE_CHECKING:
    from madoguchi.kernel.people.models import StaffMember

FULL = "SNSの受け取りが、きょうの上限に達しました"
WRONG = "SNSの設定に、直すところがあります"


def condition(town: Town) -> Condition | None:
    """What the check says; None while a town hears nothing."""
    setup = _setup(town)
    if setup is None:
        return None
    if setup.problem:
        return Condition("SNS", WRONG, setup.problem)
    silent = Feed.objects.exclude(problem="").order_by("name").first()
    if silent is not None:
        return Condition(
            "SNS",
            f"{silent.name}：{silent.problem}",
            "自動でつなぎ直しています。長く続くときは「SNSの設定」を確かめてください。",
        )
    if _is_full(setup):
        return Condition("SNS", FULL, "続けて受け取るときは「SNSの設定」で上限を上げてください。")
    return Condition("SNS", f"きょう受け取った投稿は{taking.taken_today(clock.now())}件です")


def waiting(_staff: "StaffMember") -> list[Waiting]:
    """A line only where something is to be said: a full day, or something that cannot be used."""
    setup = _setup(towns.here())
    if setup is None:
        return []
    url, lines = reverse("sns:page"), []
    if _is_full(setup):
        lines.append(Waiting(35, FULL, 1, url, "warn"))
    if setup.problem:
        lines.append(Waiting(36, WRONG, 1, url, "warn"))
    return lines


def _setup(town: Town) -> Setup | None:
    """The settings of a town that has any switched on."""
    if not setups.KEEPER.of(town):
        return None
    setup = setups.read(town, os.environ)
    in_use = setup.mastodon or setup.bluesky or setup.inbox_on or setup.problem
    return setup if in_use else None


def _is_full(setup: Setup) -> bool:
    return taking.taken_today(clock.now()) >= setup.daily_limit
