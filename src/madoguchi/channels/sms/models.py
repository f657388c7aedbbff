"""What the provider was asked for each recipient of each delivery, and what it said."""

from django.db import models

from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention


class ShortMessage(TownOwned):
    """One recipient of one delivery, by its place in the delivery.

    ``asked_at`` without ``sid``: the provider was asked and nobody knows what it did. ``failed`` is
    what a delivery receipt said, also before the answer to our request was read.
    """

    retention = Retention(
        days=365,
        because="料金の明細と照合するため",
        ended=lambda before: models.Q(began_at__lt=before),
    )

    key = models.UUIDField()
    number = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    sid = models.CharField(max_length=40, blank=True)
    parts = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=20, blank=True)
    failed = models.CharField(max_length=300, blank=True)
    refused = models.CharField(max_length=300, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "key", "number"], name="sms_once")]
        indexes = [models.Index(fields=["town", "sid"], name="sms_by_sid")]
