"""Services and channels on and off: the page, and everything that follows."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, combinations

import pytest
from django.test import Client
from django.urls import resolve

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import inbox, router, worker
from madoguchi.kernel.messages.data import Delivery, EventKind, Incoming, Outcome
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.ui import menu, services
from madoguchi.web import runtime

NAMES = [service.name for service in services.known()]
ROOMS = {room for service in services.known() for room in service.rooms}
FLOODED = "多摩川住宅の前の道路が冠水、車が動けません"
SCREAM = "家が潰れて母が下敷きです、助けて"


@pytest.fixture
def admin(town: Town) -> Client:
    """A browser in which an administrator is signed in."""
    return signed_in("admin")


def signed_in(role: str) -> Client:
    member = people.add_staff(f"s-{role}", "職員", role, actor="system:test")
    client = Client()
    client.force_login(member.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    return client


def press(admin: Client, name: str, to: str, **more: str) -> str:
    """Press a switch; returns what the page then says."""
    answer = admin.post(f"/staff/services/{name}", {"to": to, **more}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def write(clock: FixedClock, text: str, channel: str = "web") -> tuple[Inbound, str]:
    """A resident writes; returns the stored row and the answer."""
    said = Inbound.objects.count()
    inbox.receive(channel, [Incoming(f"e{said}", EventKind.TEXT, "w1", clock.now(), text=text)])
    worker.work_inbox(lambda *_: b"")
    answer = Outbox.objects.order_by("-id").first()
    return Inbound.objects.latest("id"), answer.messages[0]["text"] if answer else ""


def subsets() -> Iterator[tuple[str, ...]]:
    """Every choice of what is on."""
    return chain.from_iterable(combinations(NAMES, size) for size in range(len(NAMES) + 1))


def only(town: Town, names: tuple[str, ...]) -> None:
    channels = {s.name for s in services.known() if s.kind == "channel"}
    town.services = [name for name in names if name not in channels]
    town.settings = {services.CHANNELS_OFF: sorted(channels - set(names))}
    town.save()


def links(html: str) -> set[str]:
    """The pages of this house that a page leads to."""
    return {link for link in re.findall(r'href="(/[^"#?]*)', html) if "/static/" not in link}


def test_whatever_is_on_no_menu_leads_nowhere(admin: Client, town: Town) -> None:
    good: set[str] = set()  # pages of no service: the same whatever is on
    for names in (names for names in subsets() if len(names) in (0, 1, len(NAMES))):
        only(town, names)
        for start in ("/", "/staff/", "/staff/settings/"):
            page = admin.get(start)
            assert page.status_code == 200, (names, start)
            for link in links(page.content.decode()) - good:
                assert admin.get(link).status_code in (200, 302), (names, start, link)
                if not set(resolve(link).namespaces) & ROOMS:
                    good.add(link)


def test_no_choice_leaves_an_entry_of_a_room_that_is_closed() -> None:
    for names in subsets():
        for audience in ("resident", "staff", "settings"):
            for item in menu.items(audience, names, "admin"):
                assert services.closed_room(namespaces(item.url), names) is None


@cache
def namespaces(url: str) -> tuple[str, ...]:
    return tuple(resolve(url).namespaces)


def test_every_entry_of_a_menu_names_a_service_that_there_is() -> None:
    named = {item.service for item in menu._items.values()} - {""}
    assert named <= set(NAMES)
    optional = {who.name for who in router.listeners().values() if who.optional}
    assert optional <= {s.name for s in services.known() if s.kind == "service"}


def test_what_is_off_is_gone_and_what_is_on_again_is_back(admin: Client, town: Town) -> None:
    assert "地図" in admin.get("/staff/").content.decode()
    assert "切りました" in press(admin, "disaster", "off")
    home = admin.get("/staff/").content.decode()
    assert "地図" not in home
    assert "未確認の案件" not in home
    gone = admin.get("/staff/cases/")
    assert gone.status_code == 404
    assert "「災害・困りごとの知らせ」は、いま切ってあります" in gone.content.decode()
    assert 'href="/"' in gone.content.decode()
    assert "災害・困りごとを知らせる" not in Client().get("/").content.decode()
    assert "役所にメッセージを送る" in Client().get("/").content.decode()
    assert "受付番号が届きます" not in Client().get("/").content.decode()
    assert "知らせ方" not in Client().get("/help/").content.decode()
    press(admin, "disaster", "on")
    assert admin.get("/staff/cases/").status_code == 200
    said = Entry.objects.filter(verb__startswith="service.").order_by("id")
    assert [(e.verb, e.ids["service"]) for e in said] == [
        ("service.off", "disaster"),
        ("service.on", "disaster"),
    ]


def test_what_is_meant_for_a_service_that_is_off_is_kept_and_answered_honestly(
    admin: Client, town: Town, clock: FixedClock
) -> None:
    press(admin, "disaster", "off")
    row, answer = write(clock, FLOODED)
    assert (row.state, row.service) == ("done", "reception")
    assert "災害・困りごとの知らせ" in row.route_reason
    assert "いま「災害・困りごとの知らせ」を受け付けていません" in answer
    assert not Case.objects.exists()
    assert FLOODED in admin.get("/staff/voices/").content.decode()
    _, answer = write(clock, SCREAM)
    assert answer.startswith("命の危険があるときは、いますぐ119番")


def test_an_open_question_of_a_service_that_went_off_is_not_awaited(
    admin: Client, town: Town, clock: FixedClock
) -> None:
    write(clock, "道路が冠水しています")  # where? it asks
    press(admin, "disaster", "off", sure="yes")
    row, _ = write(clock, "布田駅の前です")
    assert row.service == "reception"
    assert Case.objects.count() == 1


def test_open_work_wants_a_yes_before_it_goes_out_of_sight(
    admin: Client, town: Town, clock: FixedClock
) -> None:
    write(clock, FLOODED)
    assert "終わっていない仕事が1件あります" in press(admin, "disaster", "off")
    town.refresh_from_db()
    assert "disaster" in town.services
    press(admin, "disaster", "off", sure="yes")
    assert Case.objects.count() == 1
    assert admin.get(f"/staff/cases/{Case.objects.get().number}/").status_code == 404


def test_a_voice_cannot_be_given_to_a_service_that_is_off(
    admin: Client, town: Town, clock: FixedClock
) -> None:
    row, _ = write(clock, "こんにちは")
    press(admin, "disaster", "off")
    answer = admin.post(f"/staff/voices/{row.pk}/hand-over", {"service": "disaster"}, follow=True)
    assert "その窓口はありません" in answer.content.decode()


def test_a_channel_that_is_off_takes_nothing_and_staff_see_what_it_could_not_send(
    admin: Client, town: Town
) -> None:
    press(admin, "web", "off")
    assert Client().get("/message/").status_code == 404
    assert Client().post("/message/", {"text": "停電"}).status_code == 404
    assert "/message/" not in Client().get("/").content.decode()
    assert not Inbound.objects.exists()
    receipt = runtime._deliver("web", town.pk, Delivery("k", ("w1",), (), "", 0.0, 0))
    assert receipt.outcome is Outcome.REFUSED
    assert "切ってあります" in receipt.detail


def test_only_an_administrator_switches_and_only_the_own_town(town: Town, other_town: Town) -> None:
    for role in ("viewer", "operator", "manager"):
        assert signed_in(role).post("/staff/services/disaster", {"to": "off"}).status_code == 403
    client = signed_in("admin")
    client.post("/staff/services/disaster", {"to": "off"})
    assert client.post("/staff/services/nothing", {"to": "off"}).status_code == 404
    with current.everywhere("compare"):
        assert "disaster" not in Town.objects.get(pk=town.pk).services
        assert "disaster" in Town.objects.get(pk=other_town.pk).services


def test_every_room_of_a_service_can_be_closed() -> None:
    """An address outside the rooms would answer on while its service is off."""
    for item in menu._items.values():
        if item.service and item.audience != "resident":
            assert set(resolve(item.url).namespaces) & set(services.get(item.service).rooms)
