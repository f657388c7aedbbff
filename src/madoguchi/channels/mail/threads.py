"""Which mail a delivery answers, and whether it belongs to a drill."""

from dataclasses import dataclass
from datetime import timedelta

from madoguchi.channels import drills
from madoguchi.channels.mail.data import Thread
from madoguchi.channels.mail.models import StoredLetter
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.data import Delivery
from madoguchi.kernel.messages.models import Outbox
from madoguchi.kernel.towns.models import Town

SAME_MATTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Context:
    """What the channel has to know of a delivery beside its text."""

    thread: Thread | None
    drill: bool


def of_delivery(town: Town, delivery: Delivery) -> Context:
    """The context of a delivery of the current town."""
    about = drills.about(delivery)
    to_one = len(delivery.recipients) == 1
    letter = _letter(delivery, about) if to_one else None
    return Context(_thread(letter) if letter else None, drills.is_drill(town, delivery, about))


def _letter(delivery: Delivery, about: str) -> StoredLetter | None:
    """The mail that the delivery answers, else that of the same matter, else the latest one."""
    if delivery.reply_token:
        return StoredLetter.objects.filter(identity=delivery.reply_token).first()
    sender = delivery.recipients[0]
    if about:
        answered = Outbox.objects.filter(channel="mail", recipient=sender, about=about).exclude(
            reply_token=""
        )
        if earlier := answered.order_by("id").first():
            return StoredLetter.objects.filter(identity=earlier.reply_token).first()
    recent = StoredLetter.objects.filter(
        sender=sender, inbound__isnull=False, received_at__gte=clock.now() - SAME_MATTER
    )
    return recent.order_by("-received_at", "-id").first()


def _thread(letter: StoredLetter) -> Thread:
    return Thread(letter.subject, letter.message_id, tuple(letter.references.split()))
