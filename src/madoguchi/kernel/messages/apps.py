"""App configuration."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """The inbox, the router for words, conversations and the outbox."""

    name = "madoguchi.kernel.messages"
    label = "town_messages"
    verbose_name = "メッセージ"

    def ready(self) -> None:
        """Let go of a person's messages when the person is erased."""
        from madoguchi.kernel.messages import erasing
        from madoguchi.kernel.people import api as people

        people.on_erase(erasing.erase)
