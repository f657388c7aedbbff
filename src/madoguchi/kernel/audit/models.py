"""The log's entries and the seals over them. Both are only ever added to (``guards``)."""

from django.db import models

from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention

_KEPT = "誰がいつ何をしたかの証跡であり、氏名や本文を持たないため"


class Seal(TownOwned):
    """One batch of entries: ``digest`` covers them all and the seal before.

    ``number`` counts 1, 2, 3 ... in each town.
    """

    retention = Retention(days=None, because=_KEPT)

    number = models.BigIntegerField()
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "number"], name="seal_number_once")]

    def __str__(self) -> str:
        return f"seal {self.number}"


class Head(TownOwned):
    """The newest seal of a town, kept apart so that cutting off the end of the chain shows.

    Its row lock lets one sealer at a time work on a town.
    """

    retention = Retention(days=None, because=_KEPT)

    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town"], name="head_once_per_town")]

    def __str__(self) -> str:
        return f"head {self.number}"


class Entry(TownOwned):
    """Who did what to what, when. Ids and keyed hashes; never content."""

    retention = Retention(days=None, because=_KEPT)

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    actor = models.CharField(max_length=80)
    ids = models.JSONField(default=dict)
    seal = models.ForeignKey(Seal, null=True, on_delete=models.PROTECT, related_name="entries")

    class Meta(TownOwned.Meta):
        indexes = [
            models.Index(fields=["town", "subject", "id"], name="entry_by_subject"),
            models.Index(fields=["town", "actor", "id"], name="entry_by_actor"),
            models.Index(
                fields=["town", "id"], condition=models.Q(seal__isnull=True), name="entry_unsealed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
