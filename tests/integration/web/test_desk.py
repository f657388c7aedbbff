"""The desk of all services: messages without work, deliveries that failed, who read them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import inbox, outbox, worker
from madoguchi.kernel.messages.data import EventKind, Incoming, Outcome, Outgoing, Receipt
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import current

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

CHATTER = "今日のお昼はラーメン"
TROUBLE = "トークンを確認してください。"


@pytest.fixture
def sign_in(town: "Town") -> Callable[[str], Client]:
    """Opens a browser in which somebody with a role is signed in."""
    town.services = ["disaster"]
    town.save()

    def opened(role: str) -> Client:
        client = Client()
        member = people.add_staff(role, f"職員 {role}", role, actor="system:test")
        client.post(f"/staff/enter/{people.make_sign_in_link(member)}")
        return client

    return opened


@pytest.fixture
def desk(sign_in: Callable[[str], Client]) -> Client:
    """A browser of an operator."""
    return sign_in("operator")


def say(clock: FixedClock, text: str) -> None:
    """A resident writes, and the machine takes it."""
    event = Incoming(text, EventKind.TEXT, "w1", clock.now(), text=text)
    inbox.receive("web", [event])
    worker.work_inbox(lambda *_: b"")


def fail(recipient: str = "U1") -> Outbox:
    """A delivery that LINE refused."""
    outbox.say("line", recipient, [Outgoing("こんにちは。")])
    worker.work_outbox(lambda *_: Receipt(Outcome.REFUSED, TROUBLE), {})
    return Outbox.objects.get(recipient=recipient)


def test_chatter_is_shown_with_what_can_be_done_and_work_is_not(
    desk: Client, clock: FixedClock
) -> None:
    say(clock, CHATTER)
    say(clock, "国領町3丁目の道路が冠水しています")
    page = desk.get("/staff/voices/").content.decode()
    assert CHATTER in page
    assert "冠水" not in page
    row = Inbound.objects.get(text=CHATTER)
    assert f'action="/staff/voices/{row.pk}/open"' in page
    assert desk.post(f"/staff/voices/{row.pk}/open").status_code == 302
    assert CHATTER not in desk.get("/staff/voices/").content.decode()


def test_a_service_that_is_switched_off_takes_nothing_up(
    desk: Client, clock: FixedClock, town: "Town"
) -> None:
    say(clock, CHATTER)
    town.services = []
    town.save()
    assert "案件にする" not in desk.get("/staff/voices/").content.decode()


def test_a_failed_delivery_is_shown_until_it_is_settled(desk: Client) -> None:
    row = fail()
    assert TROUBLE in desk.get("/staff/deliveries/").content.decode()
    assert "送れなかった返事" in desk.get("/staff/").content.decode()
    page = desk.post(f"/staff/deliveries/{row.pk}/settle", follow=True).content.decode()
    assert "対応済みにしました" in page
    assert TROUBLE not in desk.get("/staff/deliveries/").content.decode()


def test_a_failed_delivery_can_be_tried_again(desk: Client) -> None:
    row = fail()
    desk.post(f"/staff/deliveries/{row.pk}/retry")
    worker.work_outbox(lambda *_: Receipt(Outcome.SENT), {})
    row.refresh_from_db()
    assert row.state == Outbox.State.SENT
    assert (
        "その操作はありません"
        in desk.post(f"/staff/deliveries/{row.pk}/burn", follow=True).content.decode()
    )


def test_reading_what_people_wrote_is_noted(desk: Client) -> None:
    for name in ("voices", "deliveries"):
        desk.get(f"/staff/{name}/")
        assert Entry.objects.get(verb=f"{name}.read").actor.startswith("staff:")


def test_a_viewer_reads_and_has_no_button(
    sign_in: Callable[[str], Client], clock: FixedClock
) -> None:
    say(clock, CHATTER)
    row = fail()
    looker = sign_in("viewer")
    for path in ("/staff/voices/", "/staff/deliveries/"):
        main = looker.get(path).content.decode().partition("<main")[2]
        assert "<button" not in main
    heard = Inbound.objects.get()
    assert looker.post(f"/staff/voices/{heard.pk}/hand-over").status_code == 403
    assert looker.post(f"/staff/deliveries/{row.pk}/settle").status_code == 403


def test_an_unknown_service_takes_nothing_over(desk: Client, clock: FixedClock) -> None:
    say(clock, CHATTER)
    url = f"/staff/voices/{Inbound.objects.get().pk}/hand-over"
    page = desk.post(url, {"service": "nobody"}, follow=True).content.decode()
    assert "その窓口はありません" in page


def test_another_towns_rows_lead_nowhere(
    desk: Client, clock: FixedClock, other_town: "Town"
) -> None:
    with current.use(other_town.pk):
        say(clock, CHATTER)
        heard = Inbound.objects.get().pk
        row = fail()
    page = (
        desk.get("/staff/voices/").content.decode()
        + desk.get("/staff/deliveries/").content.decode()
    )
    assert CHATTER not in page
    assert TROUBLE not in page
    answer = desk.post(f"/staff/voices/{heard}/hand-over", {"service": "disaster"})
    assert answer.status_code == 404
    desk.post(f"/staff/deliveries/{row.pk}/settle")
    with current.use(other_town.pk):
        assert Outbox.objects.get(pk=row.pk).settled_at is None
    for name in ("voices", "deliveries"):
        elsewhere = desk.get(f"/staff/{name}/", headers={"host": "ome.example.jp"})
        assert elsewhere.status_code == 403
        assert Client().get(f"/staff/{name}/").status_code == 302


@pytest.mark.parametrize("name", ["voices", "deliveries"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(
    desk: Client, clock: FixedClock, name: str
) -> None:
    def add(number: int) -> None:
        say(clock, f"{CHATTER}{number}")
        fail(f"U{number}")

    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(f"/staff/{name}/").content.decode()
        assert page.count("<article") >= Outbox.objects.filter(channel="line").count()
        return len(queries)

    add(1)
    ask()  # the session notes that its owner is still there
    one = ask()
    add(2)
    add(3)
    assert ask() == one
