"""What is kept of open posts beside the inbox, and how far each stream was read."""

from django.db import models

from madoguchi.channels.sns.data import Network
from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention

FIVE_YEARS = 365 * 5


class Post(TownOwned):
    """One post that was taken in, counted as a repetition, or deleted before it came.

    Its words are in the inbox alone. ``key`` is a hash of the network's id, by which the post is
    known again; ``native_id``, ``url``, ``author`` (a keyed hash) and ``media`` are erased when the
    author deletes it. ``repeats`` is the earlier post with the same words, under which it counts.
    """

    retention = Retention(
        FIVE_YEARS,
        "災害対応の記録として、もとの投稿を確かめられるように5年間保存するため",
        lambda before: models.Q(taken_at__lt=before),
    )

    network = models.CharField(max_length=10, choices=[(n.value, n.value) for n in Network])
    key = models.CharField(max_length=64)
    native_id = models.CharField(max_length=800, blank=True)
    author = models.CharField(max_length=64, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    media = models.JSONField(default=list, blank=True)
    sensitive = models.BooleanField(default=False)
    posted_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    repeats = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="repetitions"
    )

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["town", "network", "key"], name="sns_post_once")
        ]
        indexes = [
            models.Index(fields=["town", "digest"], name="sns_post_by_words"),
            models.Index(fields=["town", "taken_at"], name="sns_post_by_time"),
            models.Index(fields=["town", "network", "author"], name="sns_post_by_author"),
        ]

    @property
    def external_id(self) -> str:
        """The id of its event in the inbox."""
        return f"{self.network}:{self.key}"


class Feed(TownOwned):
    """How far one stream was read; ``problem`` says in Japanese what holds it up."""

    retention = Retention(days=None, because="止まったところから続きを受け取るため")

    name = models.CharField(max_length=200)
    cursor = models.CharField(max_length=40, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "name"], name="sns_feed_once")]


class Call(TownOwned):
    """A call of the webhook that was taken: the same one is not taken a second time."""

    retention = Retention(
        days=1,
        because="同じ送信を二度受け取らないため",
        ended=lambda before: models.Q(at__lt=before),
    )

    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "digest"], name="sns_call_once")]
        indexes = [models.Index(fields=["town", "at"], name="sns_call_by_time")]
