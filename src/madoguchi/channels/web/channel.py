"""Delivery to the web page: the outbox row itself is what the page shows."""

from madoguchi.channels.base import Channel
from madoguchi.kernel.messages.data import Delivery, Outcome, Receipt


class WebChannel(Channel):
    """The resident reads the answer on the page of the conversation."""

    kind = "web"

    def deliver(self, delivery: Delivery) -> Receipt:
        """Nothing leaves the machine: a row that is marked as sent is on the page."""
        return Receipt(Outcome.SENT)
