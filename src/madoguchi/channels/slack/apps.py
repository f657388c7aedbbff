"""App configuration."""

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from madoguchi.channels.base import Channel


class SlackChannelConfig(AppConfig):
    """Slack: what staff should not miss, where staff is looking anyway."""

    name = "madoguchi.channels.slack"
    label = "channels_slack"
    verbose_name = "Slack"

    def ready(self) -> None:
        """Make Slack known to the registry, and its page to the menu."""
        from madoguchi.channels import condition, registry
        from madoguchi.channels.slack import health, telling
        from madoguchi.kernel.cases import api as cases
        from madoguchi.ui import menu, services
        from madoguchi.ui.words import Words

        registry.register("slack", _of_town)
        registry.collects("slack", telling.step, telling.PAUSE_S)
        condition.watch("slack", health.condition)
        cases.on_any_change(telling.on_case)
        services.register(
            services.Service(
                "slack",
                90,
                Words("Slack（職員向け）", en="Slack (for staff)"),
                Words("急ぎの知らせを、職員のSlackに送ります。住民の情報は送りません。"),
                needs="職員が使っているSlack（「Slackの設定」でつなぎます）。",
                when_off="Slackには何も送られません。職員の画面の表示は変わりません。",
                rooms=("slack_desk",),
                kind="channel",
            )
        )
        menu.register(
            menu.MenuItem(
                "settings",
                130,
                Words("Slackの設定"),
                "slack_desk:page",
                "chat",
                Words("急ぎの知らせを、職員のSlackのチャンネルに送ります。"),
                role="admin",
            )
        )


def _of_town(town_id: int) -> "Channel":
    """The channel of a town."""
    from madoguchi.channels.slack.channel import SlackChannel

    return SlackChannel.of_town(town_id)
