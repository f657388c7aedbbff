"""Towns and their first staff, as ``init`` and ``demo`` set them up. Needs Django."""

from dataclasses import dataclass

from django.db import transaction

from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Department, StaffMember
from madoguchi.kernel.towns import api, current
from madoguchi.kernel.towns.models import Town
from madoguchi.kernel.towns.pack import Pack
from madoguchi.operation.outcome import Failure
from madoguchi.ui import services

ACTOR = "system:setup"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff in the demonstration."""

    username: str
    name: str
    role: str
    department: str


DEPARTMENTS = ("防災危機管理課", "道路管理課", "福祉総務課", "環境課", "広報課")
COLLEAGUES = (
    Colleague("demo-boss", "本部の責任者（見本）", "admin", "防災危機管理課"),
    Colleague("demo-road", "道路の担当者（見本）", "operator", "道路管理課"),
    Colleague("demo-care", "福祉の担当者（見本）", "operator", "福祉総務課"),
    Colleague("demo-view", "広報の担当者（見本）", "viewer", "広報課"),
)


def open_town(code: str, *, hostname: str = "", phone: str = "") -> Town:
    """The town of a pack, made if it is not there yet."""
    with transaction.atomic():
        started = services.at_start()
        return api.create_town(code, hostname=hostname, contact_phone=phone, services=started)


def registered(pack: Pack) -> Town:
    """The town of a pack as ``init`` made it; raises ``Failure`` when it did not."""
    town = Town.objects.filter(code=pack.code).first()
    if town is None:
        raise Failure(
            f"{pack.name}は登録されていません。先に「madoguchi init --town {pack.name}」を"
            "実行してください。"
        )
    return town


def has_administrator(town: Town) -> bool:
    """Whether somebody can already let others in."""
    with current.use(town.pk):
        return StaffMember.objects.filter(role="admin", active=True).exists()


def administrator_link(town: Town) -> str:
    """A one-time token for the town's administrator, who is made if there is none."""
    with current.use(town.pk), transaction.atomic():
        member = StaffMember.objects.filter(role="admin", active=True).order_by("pk").first()
        if member is None:
            member = people.add_staff(f"admin-{town.code}", "管理者", "admin", actor=ACTOR)
        return people.make_sign_in_link(member, actor=ACTOR)


def add_demo_staff(town: Town) -> str:
    """Departments and invented colleagues; returns a one-time token for the one in charge."""
    with current.use(town.pk), transaction.atomic():
        departments = {
            name: Department.objects.create(name=name, order=order)
            for order, name in enumerate(DEPARTMENTS)
        }
        members = [
            people.add_staff(
                person.username,
                person.name,
                person.role,
                department=departments[person.department],
                actor=ACTOR,
            )
            for person in COLLEAGUES
        ]
        return people.make_sign_in_link(members[0], actor=ACTOR)
