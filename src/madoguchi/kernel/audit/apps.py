"""App configuration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The log of who did what, chained by hashes."""

    name = "madoguchi.kernel.audit"
    label = "audit"
    verbose_name = "証跡"
