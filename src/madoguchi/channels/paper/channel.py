"""Delivery on paper: what the outbox hands over waits in the print queue."""

from uuid import UUID, uuid5

from django.db import transaction

from madoguchi.channels.base import Channel
from madoguchi.channels.paper.models import Letter
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.data import Delivery, Outcome, Receipt
from madoguchi.kernel.people.models import Contact
from madoguchi.kernel.towns import api as towns


class PaperChannel(Channel):
    """Staff prints the letter and hands it over."""

    kind = "paper"
    multicast_limit = 500

    def deliver(self, delivery: Delivery) -> Receipt:
        """Queue one letter per recipient, each once for the delivery's key."""
        text = "\n".join(message.text for message in delivery.messages)
        drill = bool(towns.here().settings.get("drill"))
        with transaction.atomic():
            contacts = list(
                Contact.objects.filter(channel=self.kind, address__in=delivery.recipients).order_by(
                    "id"
                )
            )
            if len(contacts) < len(set(delivery.recipients)):
                return Receipt(Outcome.REFUSED, "手紙の宛先が登録されていません。")
            for number, contact in enumerate(contacts):
                Letter.objects.get_or_create(
                    key=_key(delivery.key, number),
                    defaults={
                        "contact": contact,
                        "text": text,
                        "drill": drill,
                        "queued_at": clock.now(),
                    },
                )
        return Receipt(Outcome.SENT, "「印刷して渡す」に入れました。")


def _key(key: str, number: int) -> str:
    """One key per letter of a delivery, always the same."""
    return key if number == 0 else str(uuid5(UUID(key), str(number)))
