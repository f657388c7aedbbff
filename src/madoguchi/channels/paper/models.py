"""Who gets letters, and the letters to print."""

from django.db import models

from madoguchi.kernel.people.models import WHILE_SERVED
from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention


class Addressee(TownOwned):
    """Name and postal address behind a contact of the channel ``paper``."""

    retention = WHILE_SERVED

    contact = models.OneToOneField(
        "people.Contact", on_delete=models.PROTECT, related_name="addressee"
    )
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=200, blank=True)


class Letter(TownOwned):
    """A delivery as a letter: to print, printed, handed over (or posted). ``key`` is its outbox's.

    ``handed_how`` says how it went, in the words of the form.
    """

    class How(models.TextChoices):
        POST = "post", "郵便で送った"
        COUNTER = "counter", "窓口で渡した"
        VISIT = "visit", "家に届けた"
        OTHER = "other", "ほかの方法で伝えた"

    retention = Retention(
        days=365,
        because="名前と住所と文を含むため、渡してから1年で消す（送った文は送信の記録に残る）",
        ended=lambda before: models.Q(handed_at__lt=before),
    )

    key = models.UUIDField()
    contact = models.ForeignKey("people.Contact", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    drill = models.BooleanField(default=False)
    queued_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True, blank=True)
    printed_by = models.CharField(max_length=60, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    handed_by = models.CharField(max_length=60, blank=True)
    handed_how = models.CharField(max_length=10, choices=How, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "key"], name="letter_one_key")]
        indexes = [
            models.Index(
                fields=["town", "id"],
                condition=models.Q(handed_at__isnull=True),
                name="letter_waiting",
            )
        ]

    @property
    def reference(self) -> str:
        """What stands on the letter and is said on the telephone."""
        return f"L-{self.pk:06d}"
