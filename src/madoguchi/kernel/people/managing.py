"""Staff of the current town taken in, changed, kept out; there is always an administrator left."""

import uuid

from django.db import transaction

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.people.models import Department, StaffMember
from madoguchi.kernel.people.staff import add_staff
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

NAME_LENGTH = 60  # of a person and of a department
LAST_ADMIN = "ただ一人の管理者です。先に別の管理者を登録してください。"


class StaffRefused(Exception):
    """It was not done; the message says why, in Japanese."""


def take_in(name: str, role: str, department: str = "", *, actor: str) -> StaffMember:
    """Take somebody in; the department is made when the town has none of that name.

    They enter by a link and then by a passkey, so nobody types their user name. Raises
    ``StaffRefused``.
    """
    name, department = _names(name, department)
    with transaction.atomic():
        room = _department(department)
        return add_staff(f"staff-{uuid.uuid4()}", name, role, department=room, actor=actor)


def change(member_id: int, name: str, role: str, department: str, *, actor: str) -> StaffMember:
    """Change what a member is called, may do and belongs to; it counts from the next request.

    Raises ``StaffRefused``, and ``StaffMember.DoesNotExist`` for nobody of this town.
    """
    name, department = _names(name, department)
    if role not in StaffMember.Role.values:
        raise StaffRefused("権限を選んでください。")
    with transaction.atomic():
        member = _held(member_id)
        if role != StaffMember.Role.ADMIN:
            _keep_an_administrator(member)
        member.name, member.role, member.department = name, role, _department(department)
        member.save(update_fields=["name", "role", "department"])
        room = member.department_id
        audit.record("staff.change", f"staff:{member.pk}", actor=actor, role=role, department=room)
    return member


def stop(member_id: int, *, actor: str) -> StaffMember:
    """Keep a member out from the next request on, wherever they are signed in.

    Raises ``StaffRefused``, and ``StaffMember.DoesNotExist`` for nobody of this town.
    """
    with transaction.atomic():
        member = _held(member_id)
        _keep_an_administrator(member)
        return _set_active(member, False, actor)


def let_back(member_id: int, *, actor: str) -> StaffMember:
    """Let a member in again who was kept out; raises ``StaffMember.DoesNotExist``."""
    with transaction.atomic():
        return _set_active(_held(member_id), True, actor)


def _set_active(member: StaffMember, active: bool, actor: str) -> StaffMember:
    if member.active != active:
        member.active = active
        member.save(update_fields=["active"])
        verb = "staff.back" if active else "staff.stop"
        audit.record(verb, f"staff:{member.pk}", actor=actor)
    return member


def _held(member_id: int) -> StaffMember:
    """The member, with the town's staff held: two acts at once see each other."""
    Town.objects.select_for_update().get(pk=current.town_id())
    return StaffMember.objects.select_related("department").get(pk=member_id)


def _keep_an_administrator(member: StaffMember) -> None:
    admins = StaffMember.objects.filter(role=StaffMember.Role.ADMIN, active=True)
    if admins.filter(pk=member.pk).exists() and not admins.exclude(pk=member.pk).exists():
        raise StaffRefused(LAST_ADMIN)


def _names(name: str, department: str) -> tuple[str, str]:
    name, department = name.strip(), department.strip()
    if not name or max(len(name), len(department)) > NAME_LENGTH:
        raise StaffRefused(f"氏名と課の名前は、{NAME_LENGTH}文字までで入れてください。")
    return name, department


def _department(name: str) -> Department | None:
    return Department.objects.get_or_create(name=name)[0] if name else None
