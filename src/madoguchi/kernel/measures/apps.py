"""App configuration."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """Plain events from which the effect of a service is told."""

    name = "madoguchi.kernel.measures"
    label = "measures"
    verbose_name = "効果測定"
