"""App configuration."""

from django.apps import AppConfig


class TownsConfig(AppConfig):
    """Towns and the wall between them."""

    name = "madoguchi.kernel.towns"
    label = "towns"
    verbose_name = "自治体"
