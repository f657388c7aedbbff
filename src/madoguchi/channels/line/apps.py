"""App configuration."""

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from madoguchi.channels.base import Channel


class LineChannelConfig(AppConfig):
    """LINE: the messenger that most residents already use."""

    name = "madoguchi.channels.line"
    label = "channels_line"
    verbose_name = "LINE"

    def ready(self) -> None:
        """Make LINE known to the registry, and its page to the menu."""
        from madoguchi.channels import registry
        from madoguchi.ui import menu, services
        from madoguchi.ui.words import Words

        registry.register("line", _of_town)
        services.register(
            services.Service(
                "line",
                10,
                Words("LINE", en="LINE"),
                Words("町のLINE公式アカウントで知らせを受け、返事を送ります。"),
                needs="LINE公式アカウント（「LINEの設定」でつなぎます）。",
                when_off="LINEに送られたものは届かなくなり、LINEへの返事は「送信の状況」に残ります。"
                "切る前に、LINEのあいさつや町のページで、電話などの連絡先を知らせてください。",
                rooms=("channels_line",),
                kind="channel",
            )
        )
        menu.register(
            menu.MenuItem(
                "settings",
                100,
                Words("LINEの設定"),
                "line_desk:page",
                "gear",
                Words("町のLINE公式アカウントをつなぎ、確かめ、メニューを入れます。"),
                role="admin",
            )
        )


def _of_town(town_id: int) -> "Channel":
    """The channel of a town. LINE's SDK takes seconds to import: only who sends pays for it."""
    from madoguchi.channels.line.channel import LineChannel

    return LineChannel.of_town(town_id)
