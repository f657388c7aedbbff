"""The notice that a way to the town does not work: by staff, and by itself."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import outbox, worker
from madoguchi.kernel.messages.data import Delivery, Outcome, Outgoing, Receipt
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import current
from madoguchi.web import outage
from madoguchi.web.models import Outage
from madoguchi.web.outage import Way

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

PAGES = ("/", "/shelters/", "/contacts/", "/help/", "/about/", "/worries/", "/message/", "/ask/")


class Line:
    """A LINE that works or does not."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.works = True
        self.down: worker.Doors = {}

    def __call__(self, _channel: str, _town: int, _delivery: Delivery) -> Receipt:
        return Receipt(Outcome.SENT if self.works else Outcome.RETRY, "応答がありません。")

    def pass_time(self, minutes: int) -> None:
        """Let the outbox and the watch do their work once a minute."""
        for _ in range(minutes):
            self.clock.advance(timedelta(minutes=1))
            worker.work_outbox(self, self.down)
            outage.watch()


@pytest.fixture
def line(town: "Town", clock: FixedClock) -> Line:
    town.contact_phone = "042-000-1111"
    town.services = ["disaster", "helpdesk"]
    town.save()
    return Line(clock)


def say(to: str = "U1", channel: str = "line") -> None:
    outbox.say(channel, to, [Outgoing("こんにちは。")])


def test_ten_minutes_of_failing_put_it_up_and_working_takes_it_down(
    line: Line, client: Client
) -> None:
    line.works = False
    say()
    line.pass_time(9)
    assert not Outage.objects.exists()
    line.pass_time(2)
    row = Outage.objects.get()
    assert (row.channel, row.by, row.ended_at) == ("line", "system:outage", None)
    line.pass_time(5)
    assert Outage.objects.count() == 1
    line.works = True
    line.pass_time(40)  # the pause between two attempts has grown
    row.refresh_from_db()
    assert row.ended_by == "system:outage"
    line.pass_time(15)
    assert Outage.objects.count() == 1


def test_a_single_message_that_fails_while_others_go_is_no_outage(line: Line) -> None:
    line.works = False
    say()
    line.pass_time(1)
    line.works = True
    say("U2")
    line.down.clear()
    line.pass_time(1)
    line.works = False
    line.pass_time(20)
    assert not Outage.objects.exists()


def test_nothing_to_send_is_no_outage(line: Line) -> None:
    line.pass_time(30)
    assert not Outage.objects.exists()


def test_what_staff_put_up_is_not_taken_down_by_itself(line: Line) -> None:
    outage.put_up(Way.LINE, actor="staff:1")
    say()
    line.pass_time(20)
    assert Outage.objects.get().ended_at is None


def test_another_towns_outage_is_not_ours(line: Line, other_town: "Town", client: Client) -> None:
    with current.use(other_town.pk):
        line.works = False
        say()
        line.pass_time(15)
        assert Outage.objects.exists()
    assert not Outage.objects.exists()
    assert "使えません" not in client.get("/").content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_it_stands_on_top_of_every_resident_page(line: Line, client: Client, path: str) -> None:
    outage.put_up(Way.LINE, note="朝には直ります。", actor="staff:1")
    for language, words in (
        ("ja", "LINEが、いま使えません"),
        ("easy", "LINEは、いま "),
        ("en", "LINE does not work at present"),
    ):
        client.cookies["md_lang"] = language
        html = client.get(f"{path}?fresh={language}").content.decode()
        assert 0 < html.find(words) < html.index('<main id="main"')
    client.cookies["md_lang"] = "ja"
    html = client.get(f"{path}?fresh=again").content.decode()
    assert "朝には直ります。" in html
    assert "電話（042-000-1111）" in html
    assert "119か110" in html


def test_what_has_stopped_is_not_named_as_the_other_way(line: Line, client: Client) -> None:
    for way in Way:
        outage.put_up(way, actor="staff:1")
    html = client.get("/?fresh=1").content.decode()
    assert "お使いください" not in html
    assert "119か110" in html


@pytest.mark.django_db(transaction=True)  # pages are forgotten when the change is committed
def test_staff_puts_it_up_and_takes_it_down(line: Line, town: Any) -> None:
    member = people.add_staff("op", "職員", "operator", actor="system:test")
    desk = Client()
    desk.force_login(member.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    for _ in range(2):
        desk.post("/staff/outages/", {"way": "phone", "note": "回線の工事です。"})
    row = Outage.objects.get()
    assert (row.channel, row.by, row.note) == ("phone", member.actor, "回線の工事です。")
    assert "役所の電話が、いま使えません" in Client().get("/").content.decode()
    desk.post(f"/staff/outages/{row.pk}/end")
    assert "いま使えません" not in Client().get("/").content.decode()
    html = desk.get("/staff/outages/").content.decode()
    assert "これまでのお知らせ" in html
    desk.post(f"/staff/outages/{row.pk}/end")  # twice is harmless
    assert Outage.objects.get().ended_by == member.actor


def test_in_a_drill_the_notice_says_so(line: Line, town: Any, client: Client) -> None:
    town.settings["drill"] = True
    town.save()
    outage.put_up(Way.LINE, actor="staff:1")
    assert "【訓練】LINEが、いま使えません" in client.get("/?fresh=1").content.decode()
