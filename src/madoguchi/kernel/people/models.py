"""Residents, those who act for them, and staff."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.towns.models import TownOwned
from madoguchi.kernel.towns.retention import Retention

WHILE_SERVED = Retention(
    days=None, because="登録が続く間、連絡と支援に必要なため（申し出により消去）"
)
WHILE_STAFF = Retention(days=None, because="対応の記録で、誰が行ったかを示すため")


class User(AbstractUser):
    """Somebody who can sign in. What they may do is said by ``StaffMember``, town by town."""

    class Meta(AbstractUser.Meta):
        verbose_name = "利用者"
        verbose_name_plural = "利用者"


class Department(TownOwned):
    """課: what a case is assigned to."""

    retention = WHILE_STAFF

    name = models.CharField("課名", max_length=60)
    order = models.PositiveSmallIntegerField("並び順", default=0)
    active = models.BooleanField("使用中", default=True)

    class Meta(TownOwned.Meta):
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["town", "name"], name="department_one_name")]

    def __str__(self) -> str:
        return self.name


class StaffMember(TownOwned):
    """A user as staff of one town."""

    class Role(models.TextChoices):
        VIEWER = "viewer", "閲覧"
        OPERATOR = "operator", "対応"
        MANAGER = "manager", "責任者"
        ADMIN = "admin", "管理者"

    retention = WHILE_STAFF

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_members")
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="staff"
    )
    name = models.CharField("氏名", max_length=60)
    role = models.CharField("権限", max_length=10, choices=Role, default=Role.VIEWER)
    active = models.BooleanField("在職", default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "user"], name="staff_once_per_town")]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        """How the audit log and the history of a case name this member."""
        return f"staff:{self.pk}"


class SignInLink(TownOwned):
    """A one-time link; only the digest of its token is kept."""

    retention = Retention(
        days=7,
        because="不正な使用を調べるため、使用後しばらく残す",
        ended=lambda before: Q(expires_at__lt=before),
    )

    staff = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["town", "digest"], name="link_one_digest")]


class Invitation(TownOwned):
    """Who may enter by the town's own identity provider (OIDC); made by an administrator.

    One of ``email`` (lower case, must be verified by the provider) and ``subject`` is set. Used
    once: afterwards the provider's subject is bound to the user.
    """

    retention = WHILE_STAFF

    staff = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="invitations")
    provider = models.CharField(max_length=60)
    email = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=191, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=(Q(email="") & ~Q(subject="")) | (~Q(email="") & Q(subject="")),
                name="invitation_email_or_subject",
            ),
            models.UniqueConstraint(
                fields=["town", "provider", "email"],
                condition=~Q(email=""),
                name="invitation_one_email",
            ),
            models.UniqueConstraint(
                fields=["town", "provider", "subject"],
                condition=~Q(subject=""),
                name="invitation_one_subject",
            ),
        ]


class Person(TownOwned):
    """Somebody the town serves. After erasure only the number of the row is left."""

    class Language(models.TextChoices):
        JA = "ja", "日本語"
        EASY = "easy", "やさしい日本語"
        EN = "en", "English"

    retention = WHILE_SERVED

    display_name = models.CharField("呼び名", max_length=100, blank=True)
    preferred_language = models.CharField(max_length=4, choices=Language, default=Language.JA)
    needs_support = models.BooleanField("避難に支援が必要", default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta(TownOwned.Meta):
        indexes = [
            models.Index(
                fields=["town", "id"], condition=Q(needs_support=True), name="person_needs_support"
            )
        ]


class Contact(TownOwned):
    """How a person is reached on one channel; ``address`` is the channel's name of the person."""

    retention = WHILE_SERVED

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    following = models.BooleanField("受信を希望", default=True)
    verified = models.BooleanField("本人確認済み", default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["town", "channel", "address"], name="contact_one_address"
            )
        ]
        indexes = [models.Index(fields=["town", "channel", "following"], name="contact_followers")]


class Household(TownOwned):
    """世帯: people who live together."""

    retention = WHILE_SERVED

    name = models.CharField("世帯名", max_length=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(TownOwned.Meta):
        pass


class HouseholdMember(TownOwned):
    """A person's place in a household."""

    class Role(models.TextChoices):
        HEAD = "head", "世帯主"
        PARTNER = "partner", "配偶者"
        CHILD = "child", "子"
        PARENT = "parent", "親"
        OTHER = "other", "その他"

    retention = WHILE_SERVED

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="households")
    role = models.CharField(max_length=10, choices=Role, default=Role.OTHER)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["town", "household", "person"], name="household_member_once"
            )
        ]


YEAR = timedelta(days=365)


def in_a_year() -> datetime:
    """When a consent given now ends by itself."""
    return clock.now() + YEAR


class Proxy(TownOwned):
    """代理: ``person`` acts for ``for_person`` (a child for a parent, say), with consent.

    It ends when either of them or staff ends it, and by itself at ``ends_at``. Until
    ``acting_until`` what ``person`` sends is about ``for_person``.
    """

    class By(models.TextChoices):
        OWN = "own", "本人のLINEかウェブ"
        PHONE = "phone", "本人の電話"
        PAPER = "paper", "同意書"

    class Relation(models.TextChoices):
        CHILD = "child", "子"
        PARENT = "parent", "親"
        PARTNER = "partner", "配偶者"
        RELATIVE = "relative", "その他の親族"
        GUARDIAN = "guardian", "成年後見人など"

    retention = WHILE_SERVED

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="acts_for")
    for_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proxies")
    relation = models.CharField(max_length=10, choices=Relation)
    consent_at = models.DateTimeField("同意した日時")
    consent_by = models.CharField(max_length=10, choices=By, default=By.PAPER)
    ends_at = models.DateTimeField("自動で終わる日時", default=in_a_year)
    acting_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField("終了した日時", null=True, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("for_person")), name="proxy_not_self"),
            models.UniqueConstraint(
                fields=["town", "person", "for_person"],
                condition=Q(ended_at__isnull=True),
                name="proxy_once_at_a_time",
            ),
        ]


class ProxyAsk(TownOwned):
    """Somebody asks to act for a relative; nothing of the relative is known or shown by it.

    ``name`` and ``for_name`` are as the asker wrote them. ``tries`` counts wrong codes.
    """

    retention = Retention(
        days=180,
        because="同意を待つ間、窓口で確かめるために必要なため",
        ended=lambda before: Q(asked_at__lt=before),
    )

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proxy_asks")
    relation = models.CharField(max_length=10, choices=Proxy.Relation)
    name = models.CharField(max_length=60)
    for_name = models.CharField(max_length=60)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["town", "person"],
                condition=Q(closed_at__isnull=True),
                name="proxy_ask_once_at_a_time",
            )
        ]

    @property
    def number(self) -> str:
        """What the asker says at the counter."""
        return f"F-{self.pk:06d}"


class ProxyCode(TownOwned):
    """Six digits given to somebody's own channel: whoever gets them told may act for them."""

    retention = Retention(
        days=7,
        because="不正な使用を調べるため、使用後しばらく残す",
        ended=lambda before: Q(expires_at__lt=before),
    )

    for_person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="proxy_codes")
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta(TownOwned.Meta):
        indexes = [models.Index(fields=["town", "digest"], name="proxy_code_by_digest")]


class Supporter(TownOwned):
    """支援者: ``supporter`` looks after ``person`` in a disaster, with the person's consent."""

    retention = WHILE_SERVED

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supporters")
    supporter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supports")
    consent_at = models.DateTimeField("同意した日時")
    ended_at = models.DateTimeField("終了した日時", null=True, blank=True)

    class Meta(TownOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("supporter")), name="supporter_not_self"),
            models.UniqueConstraint(
                fields=["town", "person", "supporter"],
                condition=Q(ended_at__isnull=True),
                name="supporter_once_at_a_time",
            ),
        ]
