"""Where somebody is signed in: seen and ended by that person alone."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.people import api as people
from madoguchi.kernel.people.models import StaffMember
from madoguchi.kernel.people.standing import device_of
from madoguchi.kernel.towns.models import Town

PAGE = "/accounts/devices/"
AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/156 Safari/537 Edg/156": "Windows・Edge",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19) AppleWebKit/605 Safari/604": "iPhone・Safari",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0": "Linux・Firefox",
    "curl/8": "種類のわからない端末",
}

pytestmark = pytest.mark.usefixtures("house")


def browser(member: StaffMember, agent: str = "") -> Client:
    """A device on which the member signed in by a link."""
    client = Client(headers={"user-agent": agent})
    assert client.post(f"/staff/enter/{people.make_sign_in_link(member)}").status_code == 302
    return client


def refs(client: Client) -> list[str]:
    """What the page offers to end."""
    found = re.findall(r'name="end" value="(\w+)"', client.get(PAGE).content.decode())
    return [ref for ref in found if ref != "others"]


@pytest.fixture
def staff(town: Town, clock: FixedClock) -> StaffMember:
    """Somebody of the town."""
    return people.add_staff("someone", "窓口 花子", "operator", actor="system:test")


def test_each_device_stands_there_and_one_can_be_ended(staff: StaffMember) -> None:
    here, lost = (browser(staff, agent) for agent in list(AGENTS)[:2])
    html = here.get(PAGE).content.decode()
    assert "Windows・Edge" in html
    assert "iPhone・Safari" in html
    assert html.count("この端末</") == 1
    keys = set(Session.objects.values_list("session_key", flat=True))
    assert not any(key in html for key in keys)
    [ref] = refs(here)
    assert "1台をサインアウトさせました" in here.post(PAGE, {"end": ref}).content.decode()
    assert lost.get("/staff/").status_code == 302
    assert here.get("/staff/").status_code == 200
    assert Entry.objects.filter(verb="staff.sessions_end", actor=staff.actor).count() == 1


def test_all_others_are_ended_at_once(staff: StaffMember) -> None:
    here, *others = (browser(staff) for _ in range(3))
    here.post(PAGE, {"end": "others"})
    assert [client.get("/staff/").status_code for client in (here, *others)] == [200, 302, 302]


def test_nobody_sees_or_ends_the_sessions_of_another(staff: StaffMember) -> None:
    colleague = people.add_staff("other", "窓口 次郎", "admin", actor="system:test")
    mine, theirs = browser(staff), browser(colleague)
    browser(staff)
    assert refs(theirs) == []
    [ref] = refs(mine)
    theirs.post(PAGE, {"end": ref})
    theirs.post(PAGE, {"end": "others"})
    assert len(refs(mine)) == 1


@pytest.mark.parametrize(("agent", "words"), AGENTS.items())
def test_a_device_is_named_in_few_words(agent: str, words: str, staff: StaffMember) -> None:
    assert device_of(RequestFactory(headers={"user-agent": agent}).get("/")) == words
