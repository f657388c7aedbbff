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
        from madoguchi.ui import services
        from madoguchi.ui.words import Words

        registry.register("web", lambda _town: WebChannel())
        services.register(
            services.Service(
                "web",
                20,
                Words("ウェブの窓口", en="Messages on these pages"),
                Words("登録なしで、このサイトから文字と写真を送れます。返事も同じページに出ます。"),
                needs="ありません。",
                when_off="住民のページから送る画面が消えます。それまでのやり取りは消えませんが、"
                "入れ直すまで住民は返事を読めません。",
                rooms=("channels_web",),
                kind="channel",
            )
        )
