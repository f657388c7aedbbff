"""Towns, and the base of every row that belongs to one."""

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.towns.managers import TownManager, claim
from madoguchi.kernel.towns.retention import Retention


class Town(models.Model):
    """A municipality that this installation serves.

    ``code`` is the five-digit municipality code. A town with an empty ``hostname`` answers where
    no other town's hostname fits. ``services`` names the services that are switched on.
    """

    code = models.CharField(
        max_length=5, unique=True, validators=[RegexValidator(r"^\d{5}$", "5桁の数字です。")]
    )
    name = models.CharField(max_length=40)
    hostname = models.CharField(max_length=200, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    emergency_phone = models.CharField(max_length=20, default="119")
    settings = models.JSONField(default=dict, blank=True)
    services = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hostname"],
                condition=~models.Q(hostname=""),
                name="town_hostname_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TownOwned(models.Model):
    """Base of every row that belongs to a town.

    Queries see the current town's rows alone (``towns.current``), through every manager and
    relation. Saving fills ``town``; a row of another town raises ``WrongTown``. Each model says
    in ``retention`` how long its rows are kept, and has ``town`` in each unique constraint.
    """

    retention: ClassVar[Retention]

    town = models.ForeignKey(Town, on_delete=models.PROTECT, related_name="+", editable=False)

    objects = TownManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in the current town; raises ``NoTown`` or ``WrongTown``."""
        claim(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete from the current town; raises ``NoTown`` or ``WrongTown``."""
        claim(self)
        return super().delete(*args, **kwargs)


class Counter(TownOwned):
    """A running number of a town; see ``counters.next_value``."""

    retention = Retention(days=None, because="番号が重ならないように、町がある限り必要なため")

    name = models.CharField(max_length=60)
    value = models.BigIntegerField(default=0)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "name"], name="counter_once_per_town")
        ]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
