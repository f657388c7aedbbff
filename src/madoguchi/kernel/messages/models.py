"""The ledger of what came in, and of what is to go out."""

import uuid

from django.db import models

from madoguchi.kernel.messages.data import EventKind
from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention


class Inbound(TownOwned):
    """One event as it arrived. Stored before it is answered; applied exactly once.

    ``lat``/``lon`` are the sender's own pin, true within ``radius_m``. ``for_person`` is for whom
    the sender acted, with consent (``people.proxies``).
    """

    class State(models.TextChoices):
        WAITING = "waiting", "処理待ち"
        DONE = "done", "処理済み"
        FAILED = "failed", "職員の確認が必要"

    retention = Retention(
        days=365 * 5,
        because="災害対応の記録として5年間保存するため",
        ended=lambda before: models.Q(done_at__lt=before),
    )

    channel = models.CharField(max_length=20)
    external_id = models.CharField(max_length=128)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in EventKind])
    sender = models.CharField(max_length=128)
    group = models.CharField(max_length=128, blank=True)
    text = models.TextField(blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    radius_m = models.PositiveIntegerField(null=True, blank=True)
    media = models.CharField(max_length=128, blank=True)
    data = models.CharField(max_length=300, blank=True)
    message = models.CharField(max_length=128, blank=True)
    reply_token = models.CharField(max_length=128, blank=True)
    reply_token_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    contact = models.ForeignKey(
        "people.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    for_person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file_note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    service = models.CharField(max_length=40, blank=True)
    route_reason = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["town", "channel", "external_id"], name="inbound_once_per_event"
            ),
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lon__isnull=True, radius_m__isnull=True)
                | models.Q(lat__isnull=False, lon__isnull=False, radius_m__isnull=False),
                name="inbound_point_has_radius",
            ),
        ]
        indexes = [
            models.Index(
                fields=["town", "channel", "sender", "sent_at", "id"],
                condition=models.Q(state="waiting"),
                name="inbound_waiting",
            ),
            models.Index(fields=["town", "channel", "sender", "id"], name="inbound_by_sender"),
            models.Index(fields=["town", "state", "id"], name="inbound_by_state"),
        ]


class Outbox(TownOwned):
    """One delivery to one destination: a person, or one block of a multicast.

    ``key`` goes to the channel with every attempt, so that a repetition is never a second message.
    A refused row stays visible to staff until ``settled_at`` is set.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "送信待ち"
        SENT = "sent", "送信済み"
        REFUSED = "refused", "送れませんでした"

    retention = Retention(
        days=365 * 5,
        because="住民へ伝えた内容の記録として5年間保存するため",
        ended=lambda before: models.Q(sent_at__lt=before) | models.Q(settled_at__lt=before),
    )

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=20)
    recipient = models.CharField(max_length=128, blank=True)
    recipients = models.JSONField(default=list, blank=True)
    messages = models.JSONField()
    about = models.CharField(max_length=60, blank=True)
    reply_token = models.CharField(max_length=128, blank=True)
    reply_token_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=60, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "key"], name="outbox_one_key")]
        indexes = [
            models.Index(
                fields=["town", "channel", "recipient", "id"],
                condition=models.Q(state="waiting"),
                name="outbox_waiting",
            ),
            models.Index(fields=["town", "channel", "recipient", "id"], name="outbox_by_person"),
            models.Index(fields=["town", "state", "id"], name="outbox_by_state"),
        ]


class Conversation(TownOwned):
    """What a service is waiting to hear from a sender."""

    retention = Retention(
        days=30,
        because="やり取りが終われば不要になるため",
        ended=lambda before: models.Q(updated_at__lt=before),
    )

    channel = models.CharField(max_length=20)
    sender = models.CharField(max_length=128)
    service = models.CharField(max_length=40, blank=True)
    step = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["town", "channel", "sender"], name="conversation_one_per_sender"
            )
        ]
