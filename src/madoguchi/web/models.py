"""What the top floor keeps: notices that a way to the town does not work."""

from django.db import models

from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention


class Outage(TownOwned):
    """停止のお知らせ: a way to the town does not work, from ``since`` until ``ended_at``.

    ``by`` and ``ended_by`` are who put it up and took it down: staff, or "system:outage" by itself.
    """

    retention = Retention(
        days=365 * 5,
        because="いつ何が使えなかったかの記録として5年間保存するため",
        ended=lambda before: models.Q(ended_at__lt=before),
    )

    channel = models.CharField(max_length=20)
    note = models.CharField(max_length=200, blank=True)
    note_easy = models.CharField(max_length=200, blank=True)
    note_en = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)
    drill = models.BooleanField(default=False)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["town", "channel"],
                condition=models.Q(ended_at__isnull=True),
                name="outage_once_at_a_time",
            )
        ]
