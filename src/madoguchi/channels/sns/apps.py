"""App configuration."""

from django.apps import AppConfig


class SnsChannelConfig(AppConfig):
    """Open posts of social networks: heard, marked as unverified, never answered."""

    name = "madoguchi.channels.sns"
    label = "channels_sns"
    verbose_name = "SNS"

    def ready(self) -> None:
        """Make the channel, its thread and its pages known."""
        from madoguchi.channels.sns import wiring

        wiring.connect()
