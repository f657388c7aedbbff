"""The staff home: what waits for me, and whether the house is well."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import inbox, outbox
from madoguchi.kernel.messages.data import EventKind, Incoming, Outgoing
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import current
from madoguchi.operation import towns as operation
from madoguchi.ui import menu, waiting
from madoguchi.ui.waiting import Waiting
from madoguchi.web import health

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town


@pytest.fixture
def staff(client: Client, town: "Town") -> Client:
    """A browser in which an operator of 調布市 is signed in."""
    member = people.add_staff("operator", "窓口 太郎", "operator", actor="system:test")
    client.post(f"/staff/enter/{people.make_sign_in_link(member)}")
    return client


def test_strangers_are_led_to_the_sign_in(client: Client, town: "Town") -> None:
    response = client.get("/staff/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/staff/")


def test_what_waits_stands_before_what_is_done(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        Waiting(20, "送れなかった返事", 0, "/staff/x/", "warn"),
        Waiting(10, "命の危険がある知らせ", 2, "/staff/y/", "urgent", "すぐに見てください。"),
    ]
    monkeypatch.setattr(waiting, "_sources", {lambda member: lines: ""})
    html = staff.get("/staff/").content.decode()
    assert html.index("命の危険がある知らせ") < html.index("0件のもの")
    assert html.index("0件のもの") < html.index("送れなかった返事")
    assert "すぐに見てください。" in html
    assert "窓口 太郎" in html


def test_a_new_town_offers_its_services_in_the_menu(client: Client, db: None) -> None:
    made = operation.open_town("13208")
    with current.use(made.pk):
        member = people.add_staff("first", "窓口 花子", "admin", actor="system:test")
        client.post(f"/staff/enter/{people.make_sign_in_link(member)}")
        html = client.get("/staff/").content.decode()
        made.services = []
        made.save()
        without = client.get("/staff/").content.decode()
    menu = r'<nav class="staff-nav".*?</nav>'
    assert 'href="/staff/map/"' in re.findall(menu, html, re.DOTALL)[0]
    assert 'href="/staff/map/"' not in re.findall(menu, without, re.DOTALL)[0]


@pytest.mark.parametrize("audience", ["resident", "staff", "settings"])
def test_every_entry_of_a_menu_has_its_picture(audience: menu.Audience) -> None:
    drawn = Path(menu.__file__).parent / "static" / "ui" / "icons.svg"
    known = set(re.findall(r'<symbol id="([a-z]+)"', drawn.read_text(encoding="utf-8")))
    assert {entry.icon for entry in menu.items(audience, ["disaster"], "admin")} <= known


def test_it_is_never_kept(staff: Client) -> None:
    response = staff.get("/staff/")
    assert "no-store" in response["Cache-Control"]
    assert "ETag" not in response


def test_late_work_is_told_with_advice(town: "Town", clock: FixedClock) -> None:
    event = Incoming("e1", EventKind.TEXT, "device", clock.now(), text="冠水")
    inbox.receive("web", [event])
    outbox.say("web", "device", [Outgoing("受け付けました。")])
    assert [sign.well for sign in health.of_town()][:2] == [True, True]
    clock.advance(timedelta(minutes=2))
    late = health.of_town()[:2]
    assert [sign.well for sign in late] == [False, False]
    assert all(sign.advice and "1 件" in sign.text for sign in late)


@pytest.mark.parametrize("path", ["/staff/", "/staff/cases/", "/staff/notices/", "/staff/voices/"])
def test_a_page_asks_once_who_is_there(staff: Client, path: str) -> None:
    staff.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert staff.get(path).status_code == 200
    asked = [q["sql"] for q in queries if 'FROM "people_staffmember"' in q["sql"]]
    assert len(asked) == 1
