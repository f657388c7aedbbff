"""``madoguchi staff``: somebody is taken in, enters, and is kept out."""

import pytest
from django.test import Client

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.people.models import Department
from madoguchi.kernel.towns import current, pack
from madoguchi.kernel.towns.models import Town
from madoguchi.operation import staff, towns
from madoguchi.operation.outcome import Failure

CHOFU = pack.load("13208")
OME = pack.load("13205")


def enter(token: str) -> Client:
    """A browser in which the link was used."""
    client = Client()
    assert client.post(f"/staff/enter/{token}").status_code == 302
    return client


def test_who_is_taken_in_enters_with_the_role_until_stopped(town: Town) -> None:
    member = staff.add(CHOFU, "職員一", "operator", "道路管理課")
    browser = enter(staff.link(CHOFU, member.pk))
    assert browser.get("/staff/notices/").status_code == 200
    assert browser.get("/staff/line/").status_code == 403
    unused = staff.link(CHOFU, member.pk)
    staff.stop(CHOFU, member.pk)
    assert browser.get("/staff/").status_code == 403
    assert Client().post(f"/staff/enter/{unused}").status_code == 410
    assert staff.members(CHOFU) == []
    with pytest.raises(Failure, match="staff list"):
        staff.link(CHOFU, member.pk)
    verbs = Entry.objects.filter(subject=f"staff:{member.pk}", actor="system:operator")
    assert set(verbs.values_list("verb", flat=True)) == {
        "staff.add",
        "staff.make_link",
        "staff.stop",
    }


def test_colleagues_of_one_department_share_it(town: Town) -> None:
    for name in ("職員一", "職員一"):
        staff.add(CHOFU, name, "viewer", " 道路管理課 ")
    assert Department.objects.get().staff.count() == 2


def test_the_last_administrator_stays(town: Town) -> None:
    towns.administrator_link(town)
    [first] = staff.members(CHOFU)
    with pytest.raises(Failure, match="別の管理者"):
        staff.stop(CHOFU, first.pk)
    second = staff.add(CHOFU, "職員二", "admin")
    staff.stop(CHOFU, first.pk)
    assert staff.members(CHOFU) == [second]


def test_another_towns_staff_cannot_be_reached(town: Town, other_town: Town) -> None:
    theirs = staff.add(OME, "職員三", "admin")
    for verb in (staff.link, staff.stop):
        with pytest.raises(Failure, match=f"番号 {theirs.pk}"):
            verb(CHOFU, theirs.pk)
    with current.use(other_town.pk):
        theirs.refresh_from_db()
    assert theirs.active


@pytest.mark.parametrize("name", ["", "　", "あ" * 61])
def test_a_name_that_is_none_is_refused(town: Town, name: str) -> None:
    with pytest.raises(Failure, match="60文字"):
        staff.add(CHOFU, name, "viewer")
    assert staff.members(CHOFU) == []
