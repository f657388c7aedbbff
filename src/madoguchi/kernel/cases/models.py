"""Cases and their history."""

from django.db import models
from django.db.models import F, Q

from madoguchi.kernel.cases.data import State
from madoguchi.kernel.places.data import Accuracy
from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention

FIVE_YEARS = 365 * 5
BECAUSE = "対応が終わってから5年間、記録として保存するため"


class Case(TownOwned):
    """One thing the town has to deal with, whatever the number of people who told of it.

    ``seq`` is drawn anew on every change, in the order of the commits, so that an open map can ask
    for what changed since. The point, its accuracy and its radius in metres stand together.
    ``witnesses`` counts the messages that tell of it; a merge moves them to the target.
    """

    retention = Retention(FIVE_YEARS, BECAUSE, lambda before: Q(closed_at__lt=before))

    number = models.CharField(max_length=16)
    service = models.CharField(max_length=40)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in State], default=State.NEW
    )
    title = models.CharField(max_length=120)
    urgency = models.PositiveSmallIntegerField(default=0)
    categories = models.JSONField(default=list, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    accuracy = models.CharField(
        max_length=10, choices=[(a.value, a.value) for a in Accuracy], default=Accuracy.NONE
    )
    radius_m = models.PositiveIntegerField(default=0)
    place_label = models.CharField(max_length=200, blank=True)
    place_confirmed = models.BooleanField(default=False)
    doubtful = models.BooleanField(default=False)
    ask_pending = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    department = models.ForeignKey(
        "people.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    assignee = models.ForeignKey(
        "people.StaffMember", null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_cases"
    )
    witnesses = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()
    drill = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="case_one_number"),
            models.UniqueConstraint(fields=["town", "seq"], name="case_one_seq"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True, accuracy="none")
                | (Q(lat__isnull=False, lon__isnull=False) & ~Q(accuracy="none")),
                name="case_point_has_accuracy",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="case_merged_has_target",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="case_not_merged_into_self",
            ),
            models.CheckConstraint(condition=Q(urgency__lte=3), name="case_urgency_range"),
        ]
        indexes = [
            models.Index(fields=["town", "state", "-urgency", "-opened_at"], name="case_worklist"),
            models.Index(fields=["town", "lat", "lon"], name="case_by_place"),
            models.Index(fields=["town", "department", "state"], name="case_by_department"),
            models.Index(fields=["town", "merged_into"], name="case_by_target"),
        ]

    def __str__(self) -> str:
        return self.number


class CaseEvent(TownOwned):
    """One line of a case's history: what was done by whom, and the fields before and after."""

    retention = Retention(FIVE_YEARS, BECAUSE, lambda before: Q(case__closed_at__lt=before))

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    actor = models.CharField(max_length=60)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    class Meta(TownOwned.Meta):
        ordering = ["seq", "id"]
        constraints = [
            models.UniqueConstraint(fields=["town", "case", "seq"], name="event_one_seq")
        ]
