"""What residents told, as the machine read it and as staff corrected it."""

from django.db import models

from madoguchi.kernel.places.data import Accuracy, PlaceKind
from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention
from madoguchi.services.disaster.data import NoticeLevel, Source

NOTICE_LENGTH = 200
FIVE_YEARS = 365 * 5
BECAUSE = "災害対応の記録として、対応が終わってから5年間保存するため"


class Report(TownOwned):
    """One message of one person, read and grouped into a case.

    ``case`` is empty while nobody needs to act (chatter, thanks); staff can open one. What staff
    corrects stands on the case. ``first_reading`` is what the machine said when the words came,
    which later words and pins never change; ``checked`` is what staff says is right, made without
    seeing the machine's answer (both: ``measuring.py``).
    """

    retention = Retention(
        FIVE_YEARS,
        BECAUSE,
        lambda before: (
            models.Q(case__closed_at__lt=before) | models.Q(case__isnull=True, sent_at__lt=before)
        ),
    )

    inbound = models.OneToOneField(
        "town_messages.Inbound", on_delete=models.PROTECT, related_name="report"
    )
    contact = models.ForeignKey("people.Contact", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(
        "cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    source = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Source])
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    categories = models.JSONField(default=list)
    urgency = models.PositiveSmallIntegerField(default=0)
    place_text = models.CharField(max_length=200, blank=True)
    place_kind = models.CharField(
        max_length=20, choices=[(k.value, k.value) for k in PlaceKind], default=PlaceKind.NONE
    )
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    accuracy = models.CharField(
        max_length=10, choices=[(a.value, a.value) for a in Accuracy], default=Accuracy.NONE
    )
    radius_m = models.PositiveIntegerField(default=0)
    place_label = models.CharField(max_length=200, blank=True)
    place_confirmed = models.BooleanField(default=False)
    elsewhere = models.BooleanField(default=False)
    ask_back = models.BooleanField(default=False)
    doubtful = models.BooleanField(default=False)
    settles = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    first_reading = models.JSONField(default=dict, blank=True)
    checked = models.JSONField(null=True, blank=True, default=None)

    class Meta(TownOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lon__isnull=True, accuracy="none")
                | (models.Q(lat__isnull=False, lon__isnull=False) & ~models.Q(accuracy="none")),
                name="report_point_has_accuracy",
            )
        ]
        indexes = [
            models.Index(fields=["town", "sent_at"], name="report_by_time"),
            models.Index(fields=["town", "contact", "-sent_at"], name="report_by_contact"),
        ]


class Photo(TownOwned):
    """A photo that belongs to a report."""

    retention = Retention(
        FIVE_YEARS,
        BECAUSE,
        lambda before: (
            models.Q(report__case__closed_at__lt=before)
            | models.Q(report__case__isnull=True, sent_at__lt=before)
        ),
    )

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "report", "file"], name="photo_once_per_report")
        ]


class Notice(TownOwned):
    """A line of the town on top of its pages, from ``starts_at`` until ``ends_at``.

    ``once`` is made with the form, so that a second press is not a second notice. What is wrong is
    withdrawn and published anew: a notice that people have read is never rewritten.
    """

    retention = Retention(
        days=FIVE_YEARS,
        because="いつ何を知らせたかの記録として5年間保存するため",
        ended=lambda before: models.Q(ends_at__lt=before),
    )

    once = models.UUIDField()
    level = models.PositiveSmallIntegerField(choices=[(x.value, x.name) for x in NoticeLevel])
    text = models.CharField(max_length=NOTICE_LENGTH)
    text_easy = models.CharField(max_length=NOTICE_LENGTH, blank=True)
    text_en = models.CharField(max_length=NOTICE_LENGTH, blank=True)
    drill = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=60)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=60, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "once"], name="notice_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="notice_ends_later"
            ),
        ]
        indexes = [
            models.Index(
                fields=["town", "ends_at"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="notice_standing",
            )
        ]
