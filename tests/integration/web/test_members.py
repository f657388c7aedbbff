"""Staff is taken in, changed and kept out on the administrator's pages."""

import re

import pytest
from django.test import Client

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import Department, SignInLink, StaffMember
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town


@pytest.fixture
def boss(town: Town) -> StaffMember:
    return people.take_in("管理 一", "admin", "総務課", actor="system:test")


@pytest.fixture
def admin(boss: StaffMember) -> Client:
    """A browser in which the only administrator is signed in."""
    client = Client()
    client.force_login(boss.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    return client


def take_in(admin: Client, name: str, role: str = "operator", department: str = "") -> str:
    """Take somebody in; returns the path of the link that the page shows."""
    answer = admin.post(
        "/staff/members/new", {"name": name, "role": role, "department": department}
    )
    assert answer.status_code == 200
    [path] = re.findall(r'value="http://testserver(/staff/enter/[^"]+)"', answer.content.decode())
    return str(path)


def test_who_is_taken_in_enters_by_the_link_that_is_shown_once(admin: Client, boss) -> None:
    path = take_in(admin, "窓口 花子", "operator", "道路管理課")
    member = StaffMember.objects.get(name="窓口 花子")
    assert member.department == Department.objects.get(name="道路管理課")
    token = path.rpartition("/")[2]
    for page in ("/staff/members/", f"/staff/members/{member.pk}/"):
        assert token not in admin.get(page).content.decode()
    assert not SignInLink.objects.filter(digest__contains=token).exists()
    browser = Client()
    assert browser.post(path).status_code == 302
    assert browser.get("/staff/notices/").status_code == 200
    assert browser.get("/staff/members/").status_code == 403
    assert Client().post(path).status_code == 410
    assert "入ったことがあります" in admin.get("/staff/members/").content.decode()
    [entry] = Entry.objects.filter(verb="staff.add", subject=f"staff:{member.pk}")
    assert entry.actor == boss.actor


def test_a_role_counts_from_the_next_page_on(admin: Client) -> None:
    browser = Client()
    browser.post(take_in(admin, "窓口 花子"))
    member = StaffMember.objects.get(name="窓口 花子")
    url = f"/staff/members/{member.pk}/"
    changed = {"name": "窓口 はな", "role": "viewer", "department": "広報課"}
    assert admin.post(url, changed).status_code == 302
    assert browser.get("/staff/").status_code == 200
    assert browser.get("/staff/notices/").status_code == 403
    member.refresh_from_db()
    assert (member.name, member.role, str(member.department)) == ("窓口 はな", "viewer", "広報課")


def test_who_is_stopped_is_out_at_once_everywhere_and_can_be_let_back(admin: Client) -> None:
    browser = Client()
    browser.post(take_in(admin, "窓口 花子"))
    member = StaffMember.objects.get(name="窓口 花子")
    unused = people.make_sign_in_link(member)
    admin.post(f"/staff/members/{member.pk}/stop")
    assert browser.get("/staff/").status_code == 403
    assert Client().post(f"/staff/enter/{unused}").status_code == 410
    assert "入れないようにした人" in admin.get("/staff/members/").content.decode()
    refused = admin.post(f"/staff/members/{member.pk}/link", follow=True)
    assert "その操作はできません" in refused.content.decode()
    admin.post(f"/staff/members/{member.pk}/back")
    assert browser.get("/staff/").status_code == 200
    verbs = Entry.objects.filter(subject=f"staff:{member.pk}").values_list("verb", flat=True)
    assert {"staff.stop", "staff.back"} <= set(verbs)


def test_the_last_administrator_is_neither_stopped_nor_made_less(admin: Client, boss) -> None:
    url = f"/staff/members/{boss.pk}/"
    said = admin.post(f"{url}stop", follow=True).content.decode()
    assert "ただ一人の管理者です" in said
    answer = admin.post(url, {"name": "管理 一", "role": "manager", "department": ""})
    assert answer.status_code == 422
    assert "ただ一人の管理者です" in answer.content.decode()
    boss.refresh_from_db()
    assert (boss.role, boss.active) == ("admin", True)
    take_in(admin, "管理 二", "admin")
    assert (
        admin.post(url, {"name": "管理 一", "role": "viewer", "department": ""}).status_code == 302
    )
    assert admin.get("/staff/members/").status_code == 403


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "", "role": "viewer"}, "氏名を入れてください"),
        ({"name": "　", "role": "viewer"}, "氏名を入れてください"),
        ({"name": "窓口", "role": "root"}, "権限"),
        ({"name": "窓" * 61, "role": "viewer"}, "60"),
        ({"name": "窓口", "role": "viewer", "department": "課" * 61}, "60"),
    ],
)
def test_what_cannot_be_is_said(admin: Client, form: dict[str, str], said: str) -> None:
    answer = admin.post("/staff/members/new", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert StaffMember.objects.count() == 1


def test_a_name_is_text_and_nothing_else(admin: Client) -> None:
    take_in(admin, "<script>alert(1)</script>")
    assert "<script>alert" not in admin.get("/staff/members/").content.decode()


def test_another_towns_staff_is_nobody_here(admin: Client, other_town: Town) -> None:
    with current.use(other_town.pk):
        theirs = people.take_in("よその職員", "admin", actor="system:test")
    assert "よその職員" not in admin.get("/staff/members/").content.decode()
    for path in ("", "stop", "link"):
        assert admin.post(f"/staff/members/{theirs.pk}/{path}", {"name": "x"}).status_code == 404
