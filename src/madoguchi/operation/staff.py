"""Staff of a town from the command line: take in, let in again, keep out. Needs Django."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import StaffMember
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.pack import Pack
from madoguchi.operation.outcome import Failure
from madoguchi.operation.towns import registered

ACTOR = "system:operator"


def add(pack: Pack, name: str, role: str, department: str = "") -> StaffMember:
    """Take somebody in; the department is made when the town has none of that name."""
    with _town(pack):
        return people.take_in(name, role, department, actor=ACTOR)


def members(pack: Pack) -> list[StaffMember]:
    """Who may enter, in the order in which they were taken in."""
    with _town(pack):
        rows = StaffMember.objects.filter(active=True).select_related("department")
        return list(rows.order_by("pk"))


def link(pack: Pack, number: int) -> str:
    """A fresh one-time token for a member; raises ``Failure`` when there is none."""
    with _town(pack), transaction.atomic():
        return people.make_sign_in_link(_member(number), actor=ACTOR)


def stop(pack: Pack, number: int) -> StaffMember:
    """Keep a member out from now on, wherever they are signed in; never the last administrator."""
    with _town(pack), transaction.atomic():
        return people.stop_staff(_member(number).pk, actor=ACTOR)


@contextmanager
def _town(pack: Pack) -> Iterator[None]:
    with current.use(registered(pack).pk):
        try:
            yield
        except people.StaffRefused as refused:
            raise Failure(str(refused)) from refused


def _member(number: int) -> StaffMember:
    found = StaffMember.objects.filter(pk=number, active=True).first()
    if found is None:
        raise Failure(
            f"番号 {number} の職員はいません。"
            "「madoguchi staff list --town 町の名前」で番号を確かめてください。"
        )
    return found
