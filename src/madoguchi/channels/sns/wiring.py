"""Where the channel joins the house: registry, thread, menus, waiting lists, switches."""

import os
from typing import TYPE_CHECKING

from django.urls import reverse

from madoguchi.channels import registry
from madoguchi.channels.sns import collecting, taking
from madoguchi.channels.sns import setup as setups
from madoguchi.channels.sns.channel import SnsChannel
from madoguchi.channels.sns.data import CHANNEL
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import turn
from madoguchi.kernel.towns import api as towns
from madoguchi.ui import menu, services, waiting
from madoguchi.ui.words import Words

if TYPE_CHECKING:
    from madoguchi.kernel.people.models import StaffMember

THIS = services.Service(
    CHANNEL,
    60,
    Words("SNSの投稿", en="Open posts"),
    Words("だれでも読める投稿から、町に要るものだけを「未確認」として受け取ります。"),
    needs="受け取る設定（「SNSの設定」）。貼り付けるだけなら、何もいりません。",
    when_off="新しい投稿は受け取らず、貼り付けもできません。受け取ったものは、そのまま残ります。",
    rooms=("channels_sns", "sns"),
    kind="channel",
)


def connect() -> None:
    """Join the house; called once at start. Nothing outside is called until a town wants it."""
    registry.register(CHANNEL, SnsChannel)
    registry.collects(CHANNEL, collecting.step, collecting.PAUSE_S)
    turn.hear_only(CHANNEL)
    services.register(THIS)
    waiting.register(_waiting)
    menu.register(
        menu.MenuItem(
            "staff",
            45,
            Words("SNSの投稿", en="Open posts"),
            "sns:page",
            "chat",
            Words("XやInstagramで見つけた投稿を貼り付けて、未確認の知らせにします。"),
            role="operator",
        )
    )
    menu.register(
        menu.MenuItem(
            "settings",
            130,
            Words("SNSの設定"),
            "sns_desk:page",
            "gear",
            Words("MastodonやBlueskyなどから受け取るものと、探すことばを決めます。"),
            role="admin",
        )
    )


def _waiting(_staff: "StaffMember") -> list[waiting.Waiting]:
    """A line only where something is to be said: a full day, or something that cannot be used."""
    town = towns.here()
    if not setups.KEEPER.of(town):
        return []
    setup, url = setups.read(town, os.environ), reverse("sns:page")
    lines = []
    if taking.taken_today(clock.now()) >= setup.daily_limit:
        title = "SNSの受け取りが、きょうの上限に達しました"
        lines.append(waiting.Waiting(35, title, 1, url, "warn"))
    if setup.problem:
        title = "SNSの設定に、直すところがあります"
        lines.append(waiting.Waiting(36, title, 1, url, "warn"))
    return lines
