"""App configuration."""

from django.apps import AppConfig


class DemoChannelConfig(AppConfig):
    """A telephone in the browser, on a stand-in for LINE, for trying a town without an account."""

    name = "madoguchi.channels.demo"
    label = "channels_demo"
    verbose_name = "デモ用の電話"
