"""What the room keeps: mails as they were read, how far that went, and what the server took."""

from django.db import models

from madoguchi.channels.mail.data import KIND_WORDS, Kind
from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention


class StoredLetter(TownOwned):
    """A mail with all its text; ``inbound`` is what the inbox was given of it, none where it must
    not be answered.
    """

    retention = Retention(
        days=365 * 5,
        because="災害対応の記録として5年間保存するため",
        ended=lambda before: (
            models.Q(inbound__done_at__lt=before)
            | models.Q(inbound__isnull=True, received_at__lt=before)
        ),
    )

    identity = models.CharField(max_length=64)
    message_id = models.TextField(blank=True)
    sender = models.CharField(max_length=128, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    said = models.CharField(max_length=64, blank=True)
    references = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=[(k.value, w) for k, w in KIND_WORDS.items()])
    why = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    inbound = models.ForeignKey(
        "town_messages.Inbound",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "identity"], name="letter_once")]
        indexes = [
            models.Index(fields=["town", "sender", "received_at"], name="letter_by_sender"),
            models.Index(fields=["town", "kind", "id"], name="letter_by_kind"),
        ]

    @property
    def kind_words(self) -> str:
        """The kind for staff."""
        return KIND_WORDS[Kind(self.kind)]


class Mailbox(TownOwned):
    """Where the reading of one mailbox stands, and how well it goes.

    ``last_uid`` is the last message that is in the ledger, under ``uidvalidity``. After the mailbox
    was numbered anew, messages below ``old_below`` may be known, or older than our use of it.
    """

    retention = Retention(days=None, because="どこまで読んだかを示し、二重に受け付けないため")

    name = models.CharField(max_length=64)
    uidvalidity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0)
    old_below = models.BigIntegerField(default=0)
    began_at = models.DateTimeField()
    next_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "name"], name="mailbox_once")]


class Posting(TownOwned):
    """One recipient of one delivery: what the mail server has taken is not handed to it again."""

    retention = Retention(
        days=60,
        because="二重に送らないため、送り終えてからしばらく残す",
        ended=lambda before: models.Q(began_at__lt=before),
    )

    key = models.UUIDField()
    number = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    refused = models.CharField(max_length=200, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "key", "number"], name="posting_once")
        ]
