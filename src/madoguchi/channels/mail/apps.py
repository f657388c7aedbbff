"""App configuration."""

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from madoguchi.channels.base import Channel


class MailChannelConfig(AppConfig):
    """Mail: for who has no LINE, and for what is written at a desk."""

    name = "madoguchi.channels.mail"
    label = "channels_mail"
    verbose_name = "メール"

    def ready(self) -> None:
        """Make mail known to the registry, and its page to the menu."""
        from madoguchi.channels import condition, registry
        from madoguchi.channels.mail import collecting, erasing, health
        from madoguchi.kernel.people import api as people
        from madoguchi.ui import menu, services
        from madoguchi.ui.words import Words

        registry.register("mail", _of_town)
        registry.collects("mail", collecting.step, collecting.PAUSE_S)
        condition.watch("mail", health.condition)
        people.on_erase(erasing.erase)
        services.register(
            services.Service(
                "mail",
                20,
                Words("メール", en="E-mail"),
                Words("町のメールアドレスで知らせを受け、返事を送ります。"),
                needs="メールアドレス1つ（「メールの設定」でつなぎます）。",
                when_off="届いたメールは読まれず、メールボックスに残ります。切る前に、町のページなどで、"
                "電話などの連絡先を知らせてください。",
                rooms=("mail_desk",),
                kind="channel",
            )
        )
        menu.register(
            menu.MenuItem(
                "settings",
                110,
                Words("メールの設定"),
                "mail_desk:page",
                "mail",
                Words("町のメールアドレスで知らせを受け取り、返事を送ります。"),
                role="admin",
            )
        )


def _of_town(town_id: int) -> "Channel":
    """The channel of a town."""
    from madoguchi.channels.mail.channel import MailChannel

    return MailChannel.of_town(town_id)
