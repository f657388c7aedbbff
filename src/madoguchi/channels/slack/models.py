"""What was told, so that it is told once."""

from django.db import models

from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention


class Told(TownOwned):
    """One event that was put into the outbox for Slack, in the same transaction."""

    retention = Retention(
        days=365,
        because="同じことを二度知らせないため",
        ended=lambda before: models.Q(at__lt=before),
    )

    event = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "event"], name="slack_told_once")]
