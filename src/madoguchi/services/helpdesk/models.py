"""Requests for help."""

from django.db import models

from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention
from madoguchi.services.helpdesk.data import Call, Topic, When


class HelpRequest(TownOwned):
    """Somebody asked for help with using the platform; its state stands on ``case``.

    ``contact`` is how the answer goes back; None where only ``phone`` or nothing is known.
    ``answered_at`` is when a person of the town first answered (wrote, reached by telephone, or
    closed the case). ``once`` is made with the form, or is that of the event.
    """

    retention = Retention(
        days=365,
        because="名前と電話番号を含むため、相談が終わって1年で消す",
        ended=lambda before: models.Q(case__closed_at__lt=before),
    )

    once = models.CharField(max_length=160)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="help_request")
    contact = models.ForeignKey(
        "people.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=20)
    topic = models.CharField(max_length=12, choices=[(t.value, t.value) for t in Topic])
    text = models.TextField(blank=True)
    name = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    wished_on = models.DateField(null=True, blank=True)
    wished_when = models.CharField(
        max_length=10, choices=[(w.value, w.value) for w in When], default=When.ANY
    )
    call = models.CharField(
        max_length=8, choices=[(c.value, c.value) for c in Call], default=Call.NONE
    )
    file = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "once"], name="help_once"),
            models.CheckConstraint(
                condition=models.Q(call="none") | ~models.Q(phone=""), name="help_call_has_phone"
            ),
        ]
        indexes = [
            models.Index(fields=["town", "asked_at"], name="help_by_time"),
            models.Index(fields=["town", "contact", "-asked_at"], name="help_by_contact"),
        ]
