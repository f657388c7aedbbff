"""App configuration."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """The inbox, the router for words, conversations and the outbox."""

    name = "madoguchi.kernel.messages"
    label = "town_messages"
    verbose_name = "メッセージ"
