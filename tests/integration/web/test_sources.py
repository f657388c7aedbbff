"""What brings people is counted by source and week, without persons, and never as a formula."""

import csv
import io
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.measures.models import Event
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import current
from madoguchi.web import sources

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town


@pytest.fixture(autouse=True)
def nobody_before(town: "Town") -> None:
    sources.opened_from.__init__(60)  # type: ignore[misc]


def write(client: Client) -> None:
    client.post("/message/", {"once": str(uuid.uuid4()), "text": "停電しています"})


def counted() -> list[tuple[str, str]]:
    rows = Event.objects.filter(service="reach").order_by("id")
    return [(row.name, row.attrs["source"]) for row in rows]


def test_opening_and_the_first_message_are_counted_once(client: Client) -> None:
    client.get("/?from=poster-eki")
    client.get("/help/?from=poster-b")  # the first counts
    client.get("/")
    write(client)
    write(client)
    assert counted() == [("opened", "poster-eki"), ("first_message", "poster-eki")]
    assert set(Event.objects.filter(service="reach")[0].attrs) == {"source"}


def test_who_comes_by_themselves_is_not_counted(client: Client) -> None:
    client.get("/")
    write(client)
    assert counted() == []


@pytest.mark.parametrize("odd", ["=1+1", "poster-TOOBIG", "poster-" + "x" * 9, "<b>", "x" * 999])
def test_what_is_no_source_of_ours_is_not_kept(client: Client, odd: str) -> None:
    response = client.get("/", {"from": odd})
    assert response.status_code == 200
    assert not response.cookies
    assert counted() == []
    client.cookies[sources.cookie_name()] = odd
    write(client)
    assert counted() == []


def test_a_refused_message_is_no_first_message(client: Client) -> None:
    client.get("/?from=poster")
    client.post("/message/", {"once": str(uuid.uuid4()), "text": ""})
    assert counted() == [("opened", "poster")]


def test_the_code_of_line_leads_to_the_account(client: Client, town: "Town") -> None:
    assert client.get("/line/?from=poster-a")["Location"] == "/"
    town.settings["line_id"] = "@123abcde"
    town.save()
    answer = Client().get("/line/?from=poster-a")
    assert answer["Location"] == "https://line.me/R/ti/p/@123abcde"
    assert counted()[-2:] == [("line", "poster-a"), ("opened", "poster-a")]


def test_one_address_cannot_fill_the_table(client: Client) -> None:
    for _ in range(70):
        Client().get("/?from=poster")
    assert len(counted()) == 60


def test_the_table_by_week_and_its_csv(client: Client, clock: FixedClock, town: "Town") -> None:
    for source in ("poster-a", "poster-a", "leaflet"):
        Client().get(f"/?from={source}")
    clock.advance(timedelta(days=7))
    browser = Client()
    browser.get("/?from=poster-a")
    write(browser)
    member = people.add_staff("v", "職員", "viewer", actor="system:test")
    staff = Client()
    staff.force_login(member.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    html = staff.get("/staff/sources/").content.decode()
    assert "ポスター（a）" in html
    text = staff.get("/staff/sources/sources.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1:] == [
        ["2026-07-06", "ポスター（a）", "poster-a", "1", "1", "0"],
        ["2026-06-29", "転入者へのチラシ", "leaflet", "1", "0", "0"],
        ["2026-06-29", "ポスター（a）", "poster-a", "2", "0", "0"],
    ]


def test_another_towns_numbers_are_not_ours(client: Client, other_town: "Town") -> None:
    with current.use(other_town.pk):
        from madoguchi.kernel.measures import api as measures

        measures.note("reach", "opened", source="poster")
    assert sources.table() == []


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_is_never_a_formula(cell: str) -> None:
    assert sources.guarded(cell) == f"'{cell}"
    assert sources.guarded("ポスター") == "ポスター"
