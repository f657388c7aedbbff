"""One inbound event while a service handles it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from madoguchi.kernel.files.data import FileRef
from madoguchi.kernel.messages import outbox
from madoguchi.kernel.messages.data import Incoming, Outgoing
from madoguchi.kernel.messages.models import Conversation
from madoguchi.kernel.people.data import ContactRef

_heard_only: set[str] = set()


def hear_only(channel: str) -> None:
    """Nobody who speaks on ``channel`` is answered or asked: open posts of social networks, say."""
    _heard_only.add(channel)


@dataclass(slots=True)
class Dialogue:
    """What a service waits to hear from this sender, as plain data with a dirty mark."""

    service: str = ""
    step: str = ""
    data: dict[str, object] = field(default_factory=dict)
    expires_at: datetime | None = None
    changed: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether an answer is still awaited."""
        return bool(self.service) and self.expires_at is not None and now < self.expires_at


@dataclass(slots=True)
class Turn:
    """What a service sees of one event, and what it may do: speak, ask, stop asking."""

    inbound_id: int
    channel: str
    incoming: Incoming
    contact: ContactRef
    conversation: Dialogue
    now: datetime
    file: FileRef | None = None
    file_note: str = ""
    danger: str | None = None
    handed_over: bool = False
    turned_away: str = ""
    about: str = ""
    _spoken: list[Outgoing] = field(default_factory=list)

    def say(self, *messages: Outgoing) -> None:
        """Answer the sender (or the group the words came from)."""
        if self.channel not in _heard_only:
            self._spoken.extend(messages)

    def ask(self, service: str, step: str, data: dict[str, object], minutes: int) -> None:
        """Await an answer for a while; the next words of this sender go to ``service``."""
        if self.channel in _heard_only:
            return
        self.conversation.service = service
        self.conversation.step = step
        self.conversation.data = data
        self.conversation.expires_at = self.now + timedelta(minutes=minutes)
        self.conversation.changed = True

    def stop_asking(self) -> None:
        """The answer came, or is no longer needed."""
        if self.conversation.service:
            self.conversation.service = self.conversation.step = ""
            self.conversation.data = {}
            self.conversation.expires_at = None
            self.conversation.changed = True

    def finish(self) -> None:
        """Write what was said and what is awaited; called once, by the router."""
        if self._spoken:
            outbox.say(
                self.channel,
                self.incoming.group or self.incoming.sender,
                self._spoken,
                about=self.about,
                reply_token="" if self.handed_over else self.incoming.reply_token,
                reply_token_at=self.incoming.reply_token_at,
            )
            self._spoken = []
        if self.conversation.changed:
            Conversation.objects.update_or_create(
                channel=self.channel,
                sender=self.incoming.sender,
                defaults={
                    "service": self.conversation.service,
                    "step": self.conversation.step,
                    "data": self.conversation.data,
                    "expires_at": self.conversation.expires_at,
                    "updated_at": self.now,
                },
            )
            self.conversation.changed = False
