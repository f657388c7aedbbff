"""App configuration."""

from django.apps import AppConfig


class LineChannelConfig(AppConfig):
    """LINE: the messenger that most residents already use."""

    name = "madoguchi.channels.line"
    label = "channels_line"
    verbose_name = "LINE"

    def ready(self) -> None:
        """Make LINE known to the registry."""
        from madoguchi.channels import registry
        from madoguchi.channels.line.channel import LineChannel

        registry.register("line", LineChannel.of_town)
