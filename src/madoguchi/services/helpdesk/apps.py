"""App configuration: the room takes its place at the door for words and in the menus."""

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    """Help with using the platform."""

    name = "madoguchi.services.helpdesk"
    label = "helpdesk"
    verbose_name = "使い方の相談"

    def ready(self) -> None:
        from madoguchi.services.helpdesk import wiring

        wiring.connect()
