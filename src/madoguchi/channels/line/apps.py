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
        """Make LINE known to the registry."""
        from madoguchi.channels import registry

        registry.register("line", _of_town)


def _of_town(town_id: int) -> "Channel":
    """The channel of a town. LINE's SDK takes seconds to import: only who sends pays for it."""
    from madoguchi.channels.line.channel import LineChannel

    return LineChannel.of_town(town_id)
