"""App configuration."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Photos of the town: re-encoded, without metadata, each behind a check."""

    name = "madoguchi.kernel.files"
    label = "files"
    verbose_name = "写真"
