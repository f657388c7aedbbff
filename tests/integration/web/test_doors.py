"""Every address of the house, for everybody: each URL x each method x each role x another town.

The table (doors.py) names every URL pattern: a new one without an entry fails here.
"""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image
from pytest_django.fixtures import Settings

from madoguchi.channels.mail.models import StoredLetter
from madoguchi.channels.paper import api as paper
from madoguchi.channels.paper.channel import PaperChannel
from madoguchi.channels.paper.models import Letter
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock.api import FixedClock, jst
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import inbox, outbox, worker
from madoguchi.kernel.messages.data import Delivery, EventKind, Incoming, Outcome, Outgoing, Receipt
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns import current
from madoguchi.services.disaster import notices
from madoguchi.services.disaster.data import NoticeLevel
from madoguchi.services.disaster.models import Notice
from madoguchi.services.helpdesk import api as helpdesk
from madoguchi.web import outage

from .doors import DOORS, ELSEWHERE, Door

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town

ROLES = ("viewer", "operator", "manager", "admin")
SIGN_IN = "/accounts/login/"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    """Every URL pattern of the house as one text."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield route


TROUBLE = "停電しています"
THEIR_TROUBLES = (
    "東青梅1丁目の道路が冠水しています",
    "今井3丁目でブロック塀が倒れています",
)


def things(clock: FixedClock, *said: str) -> dict[str, str]:
    """Something of each kind in the current town; the last ids by their names in the routes."""
    for number, text in enumerate(said):
        event = Incoming(f"{uuid4()}", EventKind.TEXT, f"w{number}", clock.now(), text=text)
        inbox.receive("web", [event])
    worker.work_inbox(lambda *_: b"")
    outbox.say("line", "U1", [Outgoing("こんにちは。")])
    worker.work_outbox(lambda *_: Receipt(Outcome.REFUSED, "届きません。"), {})
    letter = StoredLetter.objects.create(
        identity=f"{uuid4()}", kind="letter", size=1, received_at=clock.now()
    )
    notice = notices.publish(
        once=uuid4(),
        text="訓練です。",
        level=NoticeLevel.DANGER,
        ends_at=clock.now() + timedelta(hours=1),
        actor="system:test",
    )
    by_post = paper.addressee("山田", "調布市", actor="system:test")
    answer = (Outgoing("お返事です。"),)
    PaperChannel().deliver(Delivery(f"{uuid4()}", (by_post.address,), answer))
    relatives = [people.contact_for("web", f"relative-{n}-{uuid4()}").person_id for n in range(2)]
    ask, given = (
        people.proxies.ask(person, name="花子", for_name="ハル", relation="child")
        for person in relatives
    )
    proxy = people.proxies.record_consent(
        given.pk, by="paper", on=jst(clock.now()).date(), actor="system:test"
    )
    asked = helpdesk.Asking("phone", "使い方がわかりません。")
    helped = helpdesk.ask(asking=asked, once=f"{uuid4()}", contact_id=None, actor="system:test")
    return {
        "inbound_id": str(Inbound.objects.latest("id").pk),
        "outbox_id": str(Outbox.objects.get(channel="line").pk),
        "notice_id": str(notice.pk),
        "letter_id": str(letter.pk),
        "member_id": str(people.take_in("職員", "viewer", actor="system:test").pk),
        "number": Case.objects.filter(service="disaster").latest("id").number,
        "help_number": helped.case.number,
        "ask_id": str(ask.pk),
        "proxy_id": str(proxy.pk),
        "paper_letter_id": str(Letter.objects.get().pk),
        "outage_id": str(outage.put_up(outage.Way.LINE, actor="system:test").pk),
        "key": str(files.accept(jpeg()).key),
    }


def jpeg() -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def rows(
    town: "Town", clock: FixedClock, settings: Settings, tmp_path: Path
) -> Iterator[dict[str, str]]:
    """What there is in the town, and no attempts remembered from another test."""
    settings.DATA = tmp_path
    cache.clear()
    yield things(clock, TROUBLE)
    cache.clear()


def address(route: str, rows: dict[str, str]) -> str:
    """The route with the ids of ``rows``."""
    given = {"language": "en", "user": "U1", "message": "1", "token": "wrong", "verb": "settle"}
    given |= {"name": "line", "sheet": "failed", "guide": "web"}
    given["size"] = "192"
    path = f"/{route}"
    for name, value in (rows | given).items():
        for kind in ("int", "str", "uuid"):
            path = path.replace(f"<{kind}:{name}>", value)
    assert "<" not in path, f"{route}: say in this test what to put into it"
    return path


def browser_of(role: str, **options: Any) -> Client:
    """A browser in which somebody of the current town with this role is signed in."""
    member = people.add_staff(f"{role}-{uuid4()}", "職員", role, actor="system:test")
    client = Client(**options)
    client.force_login(member.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    return client


def wanted(door: Door, method: str, role: str) -> int:
    """What the door should answer to somebody with ``role``; "" is nobody, "other" a stranger."""
    answer = {"GET": door.read, "POST": door.act}.get(method, 0)
    if not answer:
        return 405
    if not door.least:
        return answer
    if not role:
        return 302
    if role == "other" or ROLES.index(role) < ROLES.index(door.least):
        return 403
    return answer


def test_every_address_of_the_house_stands_in_the_table() -> None:
    found = {
        route
        for route in routes(get_resolver("madoguchi.web.urls").url_patterns)
        if not route.startswith(tuple(ELSEWHERE))
    }
    assert found == set(DOORS)


def test_a_door_opens_for_its_role_and_for_no_lower_one(
    rows: dict[str, str], town: "Town", other_town: "Town"
) -> None:
    """What a door changes is undone before the next one is tried."""
    browsers = {"": Client()} | {role: browser_of(role) for role in ROLES}
    with current.use(other_town.pk):
        browsers["other"] = browser_of("admin")
    with current.use(town.pk):
        for route, door in DOORS.items():
            cookies = {role: client.cookies.copy() for role, client in browsers.items()}
            with transaction.atomic():
                _try(route, door, address(route, rows), browsers)
                transaction.set_rollback(True)
            for role, client in browsers.items():
                client.cookies = cookies[role]
            cache.clear()


def _try(route: str, door: Door, path: str, browsers: dict[str, Client]) -> None:
    for role, client in browsers.items():
        for method in METHODS if role in ("", "admin") else METHODS[:2]:
            answer = client.generic(method, path)
            assert answer.status_code == wanted(door, method, role), (route, role, method)
            if door.least and not role and answer.status_code == 302:
                assert answer.headers["Location"].startswith(SIGN_IN)
            if door.least and answer.status_code == 200:
                assert re.search("no-store|private, no-cache", answer["Cache-Control"])


@pytest.mark.parametrize("route", [r for r, door in DOORS.items() if door.act and door.csrf])
def test_a_form_of_another_site_changes_nothing(route: str, rows: dict[str, str]) -> None:
    client = browser_of("admin", enforce_csrf_checks=True)
    assert client.post(address(route, rows)).status_code == 403


IDS = (
    *("<int:inbound_id>", "<int:outbox_id>", "<int:notice_id>", "<str:number>", "<uuid:key>"),
    *(
        "<int:outage_id>",
        "<int:paper_letter_id>",
        "<int:ask_id>",
        "<int:proxy_id>",
        "<str:help_number>",
        "<int:member_id>",
    ),
)


@pytest.mark.parametrize("route", [r for r in (*DOORS, *ELSEWHERE) if any(i in r for i in IDS)])
def test_another_towns_ids_lead_nowhere(
    route: str, rows: dict[str, str], clock: FixedClock, other_town: "Town"
) -> None:
    with current.use(other_town.pk):
        # One case more than we have, so that its number is not one of ours as well.
        theirs = things(clock, *THEIR_TROUBLES)
    assert theirs["number"] != rows["number"]
    client, path = browser_of("admin"), address(route, theirs)
    method = "POST" if route in DOORS and DOORS[route].act else "GET"
    assert client.generic(method, path).status_code == 404
    with current.use(other_town.pk):
        assert Case.objects.filter(number=theirs["number"], state="new").exists()
        assert Outbox.objects.get(pk=theirs["outbox_id"]).settled_at is None
        assert Notice.objects.get(pk=theirs["notice_id"]).withdrawn_at is None


ODD = {
    "NUL": "停電\x00",
    "long": "x" * 100_000,
    "bidi": "\u202e\u2066停電\u200f\x1b[31m",
    "half a pair": "\udcf0停電",
    "huge number": "9" * 400,
    "negative": "-1",
}
FIELDS = (
    *("once", "text", "where", "lat", "lon", "radius", "verb", "note", "seq", "department"),
    *("assignee", "report", "into", "inside", "service", "urgency", "categories", "doubtful"),
    *("level", "ends_at", "starts_at", "text_easy", "text_en", "caller", "secret", "token", "next"),
)
ALONE = ("text", "note", "into", "seq")
ASKED = (
    *("q", "state", "urgency", "category", "ask", "mine"),
    *("page", "since", "address", "for", "next"),
)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_input_is_answered_by_every_door(odd: str, rows: dict[str, str]) -> None:
    """Nothing breaks: neither with all fields odd nor with a single one among good ones."""
    client = browser_of("admin")
    good = {"once": str(uuid4()), "text": "停電", "verb": "see", "note": "確認", "where": "布田駅"}
    forms = [dict.fromkeys(FIELDS, odd), *(good | {name: odd} for name in ALONE)]
    asked = encoded(dict.fromkeys(ASKED, odd[:2000]))  # servers take no longer addresses
    part = quote(odd[:200], safe="", errors="surrogateescape")
    for route, door in DOORS.items():
        known = address(route, rows)
        unknown = address(re.sub("<str:.*?>", "ODD", route), rows).replace("ODD", part)
        assert client.get(f"{known}?{asked}").status_code < 500, route
        assert client.get(unknown).status_code < 500, route
        for form in forms if door.act else ():
            answer = client.post(known, encoded(form), "application/x-www-form-urlencoded")
            assert answer.status_code < 500, (route, form)
    worker.work_inbox(lambda *_: b"")
    assert not Inbound.objects.filter(state=Inbound.State.FAILED).exists()


def encoded(fields: dict[str, str]) -> str:
    """A form as a browser sends it, and as no browser would."""
    return urlencode(fields, errors="surrogateescape")
