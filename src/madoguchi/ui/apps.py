"""The look that every page is made of."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, components and static files shared by all rooms."""

    name = "madoguchi.ui"
    label = "ui"
