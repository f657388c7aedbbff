"""What a channel is: it reads events into the inbox and delivers rows of the outbox."""

from abc import ABC, abstractmethod

from madoguchi.kernel.messages.data import Delivery, Receipt


class Channel(ABC):
    """One way to reach people. Instances belong to one town and are cheap to make."""

    kind: str
    multicast_limit: int = 1

    @abstractmethod
    def deliver(self, delivery: Delivery) -> Receipt:
        """Try once to deliver; never raises for what the other side may do."""

    def fetch_media(self, media: str) -> bytes:
        """Content named by an event; raises ``MediaUnavailable`` with the reason in Japanese."""
        raise MediaUnavailable("この窓口では写真を受け取れません。")


class MediaUnavailable(Exception):
    """The content cannot be had (yet). ``retry`` tells whether a later try may work."""

    def __init__(self, message: str, *, retry: bool = False) -> None:
        super().__init__(message)
        self.retry = retry
