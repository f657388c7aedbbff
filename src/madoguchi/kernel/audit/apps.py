"""App configuration."""

from django.apps import AppConfig

from madoguchi.kernel.towns import rules


class AuditConfig(AppConfig):
    """The log of who did what, chained by hashes."""

    name = "madoguchi.kernel.audit"
    label = "audit"
    verbose_name = "証跡"

    def ready(self) -> None:
        """Register the rules that make the log append-only."""
        from madoguchi.kernel.audit.append_only import append_only

        rules.register(append_only)
