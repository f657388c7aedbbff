"""The look that every page is made of."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, components and static files shared by all rooms."""

    name = "madoguchi.ui"
    label = "ui"

    def ready(self) -> None:
        """A town that changes (its name, a drill) shows at once."""
        from django.db.models.signals import post_save

        from madoguchi.kernel.towns.models import Town
        from madoguchi.ui import cache

        post_save.connect(
            lambda instance, **_: cache.town_changed(instance.pk),
            sender=Town,
            weak=False,
            dispatch_uid="madoguchi.ui.cache",
        )
