"""App configuration: the room takes its place at the door for words and in the menus."""

from django.apps import AppConfig


class DisasterConfig(AppConfig):
    """Disaster information: what residents tell, on the staff map."""

    name = "madoguchi.services.disaster"
    label = "disaster"
    verbose_name = "災害・困りごと"

    def ready(self) -> None:
        from madoguchi.services.disaster import wiring

        wiring.connect()
