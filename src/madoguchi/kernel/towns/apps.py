"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class TownsConfig(AppConfig):
    """Towns and the wall between them."""

    name = "madoguchi.kernel.towns"
    label = "towns"
    verbose_name = "自治体"

    def ready(self) -> None:
        """Take the guards down before a migrate and put them up after it."""
        from madoguchi.kernel.towns import guards

        pre_migrate.connect(guards.before_migrate, sender=self)
        post_migrate.connect(guards.after_migrate, sender=self)
