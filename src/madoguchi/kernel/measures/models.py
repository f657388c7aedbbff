"""Events that are counted; never persons."""

from django.db import models

from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention


class Event(TownOwned):
    """Something that happened once in a service, with an amount where there is one."""

    retention = Retention(days=None, because="個人を含まない、効果測定の数値であるため")

    at = models.DateTimeField()
    service = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    value = models.FloatField(null=True, blank=True)
    attrs = models.JSONField(default=dict, blank=True)

    class Meta(TownOwned.Meta):
        indexes = [
            models.Index(fields=["town", "service", "name", "at"], name="event_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.service}.{self.name}"
