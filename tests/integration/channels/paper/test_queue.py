"""Letters from the outbox to the person."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from madoguchi.channels import registry
from madoguchi.channels.paper import queue
from madoguchi.channels.paper.channel import PaperChannel
from madoguchi.channels.paper.models import Addressee, Letter
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.messages import outbox, worker
from madoguchi.kernel.messages.data import Delivery, Outcome, Outgoing
from madoguchi.kernel.messages.models import Outbox
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns.models import Town


@pytest.fixture
def desk(town: Town) -> Client:
    """A browser of an operator."""
    member = people.add_staff("op", "職員", "operator", actor="system:test")
    client = Client()
    client.force_login(member.user, backend="madoguchi.kernel.people.backends.StaffBackend")
    return client


def send(name: str = "山田 花子", text: str = "工事が終わりました。") -> str:
    """Answer somebody by letter and let the worker do its work."""
    contact = queue.addressee(name, "調布市小島町2-35-1", actor="system:test")
    outbox.say("paper", contact.address, [Outgoing(text)], about="case:1")
    worker.work_outbox(lambda kind, t, d: registry.channel_for(kind, t).deliver(d), {})
    return contact.address


def test_an_answer_becomes_a_letter_that_waits(desk: Client) -> None:
    send()
    assert Outbox.objects.get().state == Outbox.State.SENT
    letter = Letter.objects.get()
    assert (letter.text, letter.printed_at, letter.handed_at) == (
        "工事が終わりました。",
        None,
        None,
    )
    html = desk.get("/staff/paper/").content.decode()
    assert letter.reference in html
    assert "山田 花子" in html
    assert "印刷待ち" in html
    assert "印刷して渡す手紙" in desk.get("/staff/").content.decode()


def test_a_repeated_delivery_is_no_second_letter(town: Town) -> None:
    one = queue.addressee("一", "", actor="system:test").address
    two = queue.addressee("二", "", actor="system:test").address
    delivery = Delivery("0f9c4a1e-8f0b-4c43-9a39-0a2f6f1f7c11", (one, two), (Outgoing("x"),))
    for _ in range(3):
        assert PaperChannel().deliver(delivery).outcome is Outcome.SENT
    assert Letter.objects.count() == 2


def test_who_is_not_known_is_refused_and_seen_by_staff(town: Town) -> None:
    outbox.say("paper", "nobody", [Outgoing("x")])
    worker.work_outbox(lambda kind, t, d: registry.channel_for(kind, t).deliver(d), {})
    assert Outbox.objects.get().state == Outbox.State.REFUSED


def test_printing_and_handing_over(desk: Client, tmp_path: Path) -> None:
    send(text="一通目 #1")
    send("鈴木 一郎", "二通目")
    answer = desk.post("/staff/paper/letters.pdf")
    assert answer["Content-Type"] == "application/pdf"
    path = tmp_path / "letters.pdf"
    path.write_bytes(answer.content)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()
    first, second = Letter.objects.order_by("id")
    for words in ("一通目", "#1", "二通目", "鈴木", "小島町", first.reference, second.reference):
        assert words in text
    assert first.printed_at
    assert second.printed_at
    assert "印刷待ち" not in desk.get("/staff/paper/").content.decode()
    desk.post(f"/staff/paper/letters/{first.pk}/hand-over", {"how": "post"})
    first.refresh_from_db()
    assert (first.handed_how, bool(first.handed_at)) == ("post", True)
    html = desk.get("/staff/paper/").content.decode()
    assert re.search(r"手紙 <small>1件", html)
    desk.post(f"/staff/paper/letters/{first.pk}/hand-over", {"how": "visit"})
    first.refresh_from_db()
    assert first.handed_how == "post"
    desk.post(f"/staff/paper/letters/{second.pk}/hand-over", {"how": "pigeon"})
    second.refresh_from_db()
    assert second.handed_at is None
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"letter.print", "letter.hand_over", "letters.read", "paper.addressee"} <= verbs


def test_one_letter_can_be_printed_alone(desk: Client) -> None:
    send()
    send("鈴木")
    first, second = Letter.objects.order_by("id")
    desk.post("/staff/paper/letters.pdf", {"letter": str(second.pk)})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.printed_at is None, second.printed_at is None) == (True, False)


def test_erasing_the_person_empties_and_stops_the_letter(desk: Client) -> None:
    send()
    people.erase(Addressee.objects.get().contact.person_id, actor="system:test")
    assert Addressee.objects.get().name == ""
    letter = Letter.objects.get()
    assert letter.text == ""
    assert letter.handed_by == "system:erase"
    assert not queue.waiting().exists()


def test_lists_are_printed_where_their_service_is_on(desk: Client, town: Any) -> None:
    town.services = []
    town.save()
    assert desk.get("/staff/paper/lists/cases.pdf").status_code == 404
    assert desk.get("/staff/paper/lists/failed.pdf").status_code == 200
    town.services = ["disaster"]
    town.save()
    assert desk.get("/staff/paper/lists/cases.pdf").status_code == 200
    assert desk.get("/staff/paper/lists/nowhere.pdf").status_code == 404


@pytest.mark.parametrize("mark", ["../x", "X", "abcdefghi", "a-b", "%00"])
def test_a_mark_is_letters_and_digits(desk: Client, mark: str) -> None:
    assert desk.get(f"/staff/paper/poster.pdf?mark={mark}").status_code == 404
