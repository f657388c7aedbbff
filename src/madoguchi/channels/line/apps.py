"""App configuration."""

from django.apps import AppConfig


class LineChannelConfig(AppConfig):
    """LINE: the messenger that most residents already use."""

    name = "madoguchi.channels.line"
    label = "channels_line"
    verbose_name = "LINE"
