"""Staff of the town: who they are, how the history names them, whom an administrator invites."""

from collections.abc import Iterable

from django.db import transaction

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.people.models import Department, Invitation, StaffMember, User

_KINDS = {"staff": "職員", "person": "住民", "system": "自動処理"}


def add_staff(
    username: str, name: str, role: str, *, department: Department | None = None, actor: str
) -> StaffMember:
    """Make a user (or take the one of that name) staff of the current town.

    The user gets no password: they enter by a one-time link, then by a passkey or OIDC.
    """
    if role not in StaffMember.Role.values:
        raise ValueError(f"no such role: {role}")
    with transaction.atomic():
        user, made = User.objects.get_or_create(username=username)
        if made:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        member = StaffMember.objects.create(user=user, name=name, role=role, department=department)
        audit.record("staff.add", f"staff:{member.pk}", actor=actor, role=role)
    return member


def invite(
    member: StaffMember, provider: str, *, email: str = "", subject: str = "", actor: str
) -> Invitation:
    """Let ``member`` enter by the identity provider, named there by ``email`` or ``subject``.

    A provider's e-mail counts only if the provider says it is verified.
    """
    with transaction.atomic():
        row = Invitation.objects.create(
            staff=member, provider=provider, email=email.strip().lower(), subject=subject.strip()
        )
        audit.record("staff.invite", f"staff:{member.pk}", actor=actor, provider=provider)
    return row


def actor_names(actors: Iterable[str]) -> dict[str, str]:
    """How pages name each of ``actors`` ("staff:3" -> 「土木課 山田」); one query."""
    wanted = set(actors)
    ids = [int(a.removeprefix("staff:")) for a in wanted if _is_staff(a)]
    members = StaffMember.objects.select_related("department").in_bulk(ids) if ids else {}
    names = {actor: _KINDS.get(actor.partition(":")[0], "不明") for actor in wanted}
    for member in members.values():
        department = f"{member.department.name} " if member.department else ""
        names[member.actor] = f"{department}{member.name}"
    return names


def actor_name(actor: str) -> str:
    """How pages name ``actor``."""
    return actor_names([actor])[actor]


def _is_staff(actor: str) -> bool:
    return actor.startswith("staff:") and actor.removeprefix("staff:").isdigit()
