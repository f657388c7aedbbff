"""One-time links: a way in before the first passkey, and for the demo."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people.models import SignInLink, StaffMember

LIFE = timedelta(minutes=30)
TOKEN_BYTES = 32


def make_sign_in_link(staff: StaffMember, *, actor: str = "system:link") -> str:
    """A token of 256 random bits that lets ``staff`` in once within 30 minutes.

    Only its digest is kept; the caller shows /staff/enter/<token> and forgets it.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    with transaction.atomic():
        link = SignInLink.objects.create(
            staff=staff, digest=_digest(token), created_at=now, expires_at=now + LIFE
        )
        audit.record("staff.make_link", f"staff:{staff.pk}", actor=actor, link=link.pk)
    return token


def is_open(token: str) -> bool:
    """Whether the token would let somebody in now."""
    return _open_links(token).exists()


def use(token: str) -> StaffMember | None:
    """Spend the token; the member it lets in, or None if it is unknown, used or too old.

    Of two who use it at once, one gets in.
    """
    with transaction.atomic():
        link = _open_links(token).select_related("staff__user").first()
        if link is None:
            return None
        now = clock.now()
        if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
            return None
        return link.staff


def _open_links(token: str) -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(
        digest=_digest(token),
        used_at=None,
        expires_at__gt=clock.now(),
        staff__active=True,
        staff__user__is_active=True,
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
