"""App configuration."""

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from madoguchi.kernel.people.models import StaffMember
    from madoguchi.ui.waiting import Waiting


class PaperConfig(AppConfig):
    """Letters for who has no device; lists, posters and leaflets."""

    name = "madoguchi.channels.paper"
    label = "paper"
    verbose_name = "紙"

    def ready(self) -> None:
        """Make paper known to the registry, and its pages to the menus."""
        from madoguchi.channels import registry
        from madoguchi.channels.paper import queue
        from madoguchi.channels.paper.channel import PaperChannel
        from madoguchi.kernel.people import api as people
        from madoguchi.ui import menu, services, waiting
        from madoguchi.ui.words import Words

        registry.register("paper", lambda _town: PaperChannel())
        people.on_erase(queue.erase)
        waiting.register(_waiting, "paper")
        services.register(
            services.Service(
                "paper",
                40,
                Words("紙（手紙・一覧・ポスター）", en="Paper"),
                Words("端末のない人への手紙、持ち歩く一覧、ポスターとチラシを印刷します。"),
                needs="プリンター。",
                when_off="印刷を待つ手紙は消えず、入れ直すとまた見えます。手紙での返事は待たされます。",
                rooms=("paper",),
                kind="channel",
            )
        )
        menu.register(
            menu.MenuItem(
                "staff",
                65,
                Words("印刷して渡す", en="Paper"),
                "paper:desk",
                "print",
                Words("手紙、一覧、ポスターとチラシを印刷します。"),
                "paper",
            )
        )
        menu.register(
            menu.MenuItem(
                "settings",
                65,
                Words("アドレスと電話番号"),
                "paper:addresses",
                "phone",
                Words("QRコードと紙に載せるアドレス、LINEのID、使い方の電話番号です。"),
                "paper",
                "manager",
            )
        )


def _waiting(_staff: "StaffMember") -> list["Waiting"]:
    """Letters that wait to be printed and handed over."""
    from django.urls import reverse

    from madoguchi.channels.paper import queue
    from madoguchi.ui.waiting import Waiting

    count = queue.waiting().count()
    return [Waiting(55, "印刷して渡す手紙", count, reverse("paper:desk"), "normal")]
