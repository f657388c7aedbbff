"""App configuration."""

from django.apps import AppConfig


class WebChannelConfig(AppConfig):
    """The conversation as a page: the same door as LINE, without an account."""

    name = "madoguchi.channels.web"
    label = "channels_web"
    verbose_name = "ウェブ"

    def ready(self) -> None:
        from madoguchi.channels import registry
        from madoguchi.channels.web.channel import WebChannel

        registry.register("web", lambda _town: WebChannel())
