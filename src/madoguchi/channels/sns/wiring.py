"""Where the channel joins the house: registry, thread, menus, waiting lists, switches."""

from madoguchi.channels import condition, registry
from madoguchi.channels.sns import collecting, erasing, standing
from madoguchi.channels.sns.channel import SnsChannel
from madoguchi.channels.sns.data import CHANNEL
from madoguchi.kernel.messages import turn
from madoguchi.kernel.people import api as people
from madoguchi.ui import menu, services, waiting
from madoguchi.ui.words import Words

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
    people.on_erase(erasing.erase)
    services.register(THIS)
    condition.watch(CHANNEL, standing.condition)
    waiting.register(standing.waiting)
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
