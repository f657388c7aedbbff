"""App configuration."""

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from madoguchi.channels.base import Channel


class SmsChannelConfig(AppConfig):
    """SMS: for a mobile phone that has nothing else."""

    name = "madoguchi.channels.sms"
    label = "channels_sms"
    verbose_name = "SMS"

    def ready(self) -> None:
        """Make SMS known to the registry, and its page to the menu."""
        from madoguchi.channels import condition, registry
        from madoguchi.channels.sms import health
        from madoguchi.ui import menu, services
        from madoguchi.ui.words import Words

        registry.register("sms", _of_town)
        condition.watch("sms", health.condition)
        services.register(
            services.Service(
                "sms",
                30,
                Words("SMS", en="Text messages"),
                Words("携帯電話の番号に、短い文章で返事を送ります。"),
                needs="SMSを送る会社との契約（「SMSの設定」でつなぎます）。1通ごとに料金がかかります。",
                when_off="SMSへの返事は「送信の状況」に残ります。電話などで伝えてください。",
                rooms=("channels_sms", "sms_desk"),
                kind="channel",
            )
        )
        menu.register(
            menu.MenuItem(
                "settings",
                120,
                Words("SMSの設定"),
                "sms_desk:page",
                "phone",
                Words("携帯電話の番号に短い文章を送ります。料金の目安もここで数えます。"),
                role="admin",
            )
        )


def _of_town(town_id: int) -> "Channel":
    """The channel of a town."""
    from madoguchi.channels.sms.channel import SmsChannel

    return SmsChannel.of_town(town_id)
