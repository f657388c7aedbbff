"""Photos: the row; the bytes stand on the disk under the row's key."""

import uuid

from django.db import models

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention


class StoredFile(TownOwned):
    """One photo of a town, kept once however often it is sent.

    ``sha256`` is that of the bytes received and is given up, like the point and the time, when the
    content is erased; the row stays for those who point at it.
    """

    retention = Retention(
        days=365 * 5,
        because="災害対応の記録として5年間保存するため",
        ended=lambda before: models.Q(created_at__lt=before),
    )

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, null=True, editable=False)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "key"], name="file_one_key"),
            models.UniqueConstraint(fields=["town", "sha256"], name="file_kept_once"),
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lon__isnull=True)
                | models.Q(lat__isnull=False, lon__isnull=False),
                name="file_point_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)
