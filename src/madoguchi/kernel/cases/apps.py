"""App configuration."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """What the town has to deal with: workflow, history and the queries of map and list."""

    name = "madoguchi.kernel.cases"
    label = "cases"
    verbose_name = "案件"
