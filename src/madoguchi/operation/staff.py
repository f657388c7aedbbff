"""Staff of a town from the command line: take in, let in again, keep out. Needs Django."""

import uuid

from django.db import transaction

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Department, StaffMember
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.pack import Pack
from madoguchi.operation.outcome import Failure
from madoguchi.operation.towns import registered

ACTOR = "system:operator"
NAME_LENGTH = 60  # of a person and of a department


def add(pack: Pack, name: str, role: str, department: str = "") -> StaffMember:
    """Take somebody in; the department is made when the town has none of that name."""
    name, department = name.strip(), department.strip()
    if not name or max(len(name), len(department)) > NAME_LENGTH:
        raise Failure(f"氏名と課の名前は、{NAME_LENGTH}文字までで入れてください。")
    with current.use(registered(pack).pk), transaction.atomic():
        room = Department.objects.get_or_create(name=department)[0] if department else None
        username = f"staff-{uuid.uuid4()}"  # nobody types it: they enter by link and passkey
        return people.add_staff(username, name, role, department=room, actor=ACTOR)


def members(pack: Pack) -> list[StaffMember]:
    """Who may enter, in the order in which they were taken in."""
    with current.use(registered(pack).pk):
        rows = StaffMember.objects.filter(active=True).select_related("department")
        return list(rows.order_by("pk"))


def link(pack: Pack, number: int) -> str:
    """A fresh one-time token for a member; raises ``Failure`` when there is none."""
    with current.use(registered(pack).pk), transaction.atomic():
        return people.make_sign_in_link(_member(number), actor=ACTOR)


def stop(pack: Pack, number: int) -> StaffMember:
    """Keep a member out from now on, wherever they are signed in; never the last administrator."""
    with current.use(registered(pack).pk), transaction.atomic():
        member = _member(number)
        others = StaffMember.objects.filter(role="admin", active=True).exclude(pk=member.pk)
        if member.role == StaffMember.Role.ADMIN and not others.exists():
            raise Failure("ただ一人の管理者です。先に別の管理者を登録してください。")
        member.active = False
        member.save(update_fields=["active"])
        audit.record("staff.stop", f"staff:{member.pk}", actor=ACTOR)
        return member


def _member(number: int) -> StaffMember:
    found = StaffMember.objects.filter(pk=number, active=True).first()
    if found is None:
        raise Failure(
            f"番号 {number} の職員はいません。"
            "「madoguchi staff list --town 町の名前」で番号を確かめてください。"
        )
    return found
