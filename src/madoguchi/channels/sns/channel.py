"""Social networks as a channel: posts come in, nothing is ever answered."""

import os

from madoguchi.channels.base import Channel, MediaUnavailable
from madoguchi.channels.sns import pictures
from madoguchi.kernel.messages.data import Delivery, Outcome, Receipt

NO_ANSWER = "SNSの投稿には、自動では返事をしません。必要なら、職員から連絡してください。"


class SnsChannel(Channel):
    """Nobody who posts openly is written to by the machine."""

    kind = "sns"

    def __init__(self, town_id: int) -> None:
        self._town_id = town_id

    def deliver(self, delivery: Delivery) -> Receipt:
        """Refuse, visibly: a service that speaks here has made a mistake."""
        return Receipt(
            Outcome.REFUSED,
            "SNSの投稿には、自動では返事をしません。必要なら、職員から連絡してください。",
        )

    def fetch_media(self, media: str) -> bytes:
        """A picture of a post that was taken in."""
        try:
            return pictures.fetch(media, self._town_id, os.environ)
        except pictures.Unfetched as why:
            raise MediaUnavailable(str(why), retry=why.retry) from why
