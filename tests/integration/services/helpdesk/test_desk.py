"""The residents' form, and the pages of staff."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import worker
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.services.disaster.models import Report
from madoguchi.services.helpdesk.data import Call
from madoguchi.services.helpdesk.models import HelpRequest


def only() -> HelpRequest:
    return HelpRequest.objects.select_related("case", "contact").get()


def form(**fields: str) -> dict[str, str]:
    return {"once": str(uuid.uuid4()), "topic": "photo", "text": "", "wished_when": "any"} | fields


def work() -> None:
    worker.work_inbox(lambda *_: b"")


def test_the_form_asks_without_an_account(client: Client, resident: Any) -> None:
    sent = form(
        text="カメラのしるしがない",
        phone="042-000-3333",
        wished_on="2026-07-03",
        wished_when="morning",
        name="山田",
    )
    assert client.post("/ask/", sent)["Location"] == "/message/"
    work()
    row = only()
    assert (row.channel, row.topic, row.name, row.phone) == ("web", "photo", "山田", "042-000-3333")
    assert (str(row.wished_on), row.wished_when, row.call) == ("2026-07-03", "morning", Call.WANTED)
    page = client.get("/message/").content.decode()
    assert row.case.number in page
    assert "職員がお電話します" in page


def test_pressing_twice_asks_once(client: Client, resident: Any) -> None:
    sent = form(text="わからない")
    for _ in range(2):
        client.post("/ask/", sent)
    work()
    assert HelpRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "困っていることを書くか"),
        ({"phone": "12"}, "10けたか11けた"),
        ({"text": "x", "wished_on": "2026-06-30"}, "今日から60日以内"),
        ({"text": "x", "wished_on": "2026-09-30"}, "今日から60日以内"),
        ({"text": "あ" * 2001}, "2000文字まで"),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(
    client: Client, resident: Any, fields: dict[str, str], words: str
) -> None:
    answer = client.post("/ask/", form(**fields))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html
    for value in fields.values():
        assert value in html
    assert not Inbound.objects.exists()


def test_danger_in_the_form_goes_to_the_map(client: Client, resident: Any) -> None:
    client.post("/ask/", form(text="助けて、家が燃えています", phone="042-000-3333"))
    work()
    report = Report.objects.get()
    assert report.case.urgency == 3
    assert "042-000-3333" in report.text  # staff can call
    assert not HelpRequest.objects.exists()


def test_the_form_is_for_the_help_desk_while_another_room_asks(
    client: Client, resident: Any
) -> None:
    talk = {"once": str(uuid.uuid4()), "text": "床上まで水が来ています"}
    client.post("/message/", talk)
    work()
    assert Report.objects.get().ask_back
    client.post("/ask/", form(text="場所の送り方を知りたい"))
    work()
    assert only().text == "場所の送り方を知りたい"


def test_the_counter_twin_needs_no_name(desk: Client, resident: Any) -> None:
    sent = form(channel="counter", text="80代。LINEを入れたい")
    answer = desk.post("/staff/helpdesk/enter/", sent)
    row = only()
    assert answer["Location"] == f"/staff/helpdesk/{row.case.number}/"
    assert (row.channel, row.contact, row.call) == ("counter", None, Call.NONE)
    page = desk.get(answer["Location"]).content.decode()
    assert "80代。LINEを入れたい" in page
    assert "送り先がありません" in page


def test_calls_are_listed_by_the_wished_day_until_somebody_is_reached(
    desk: Client, resident: Any, act: Callable[..., None]
) -> None:
    for day, phone in (
        ("2026-07-05", "042-000-0005"),
        ("", "042-000-0009"),
        ("2026-07-03", "042-000-0003"),
    ):
        desk.post("/staff/helpdesk/enter/", form(channel="phone", phone=phone, wished_on=day))
    html = desk.get("/staff/helpdesk/?show=calls").content.decode()
    places = [html.index(f">042-000-000{n}<") for n in (9, 3, 5)]
    assert places == sorted(places)
    row = HelpRequest.objects.select_related("case").get(phone="042-000-0009")
    act(row, "missed")
    assert "かけ直し" in desk.get("/staff/helpdesk/?show=calls").content.decode()
    act(row, "reached", note="LINEを入れました。")
    row.refresh_from_db()
    assert row.call == Call.REACHED
    assert row.answered_at is not None
    assert ">042-000-0009<" not in desk.get("/staff/helpdesk/?show=calls").content.decode()
    act(row, "reached")  # a colleague presses too: nothing changes, and it is said
    assert "済んでいます" in desk.get(f"/staff/helpdesk/{row.case.number}/").content.decode()


def test_an_answer_without_a_way_is_to_be_told_by_telephone(
    desk: Client, resident: Any, act: Callable[..., None]
) -> None:
    desk.post("/staff/helpdesk/enter/", form(channel="phone", phone="042-000-3333"))
    act(only(), "answer", note="青いボタンです。")
    html = desk.get(f"/staff/helpdesk/{only().case.number}/").content.decode()
    assert "電話で伝えてください" in html
    assert not Outbox.objects.exists()
    assert only().answered_at is None


def test_the_queue_shows_its_figures(
    desk: Client,
    resident: Any,
    act: Callable[..., None],
    clock: FixedClock,
) -> None:
    for name in ("soon", "late", "open"):
        desk.post("/staff/helpdesk/enter/", form(channel="phone", text=name))
    soon, late, _ = HelpRequest.objects.select_related("case").order_by("id")
    act(soon, "settle", note="できました。")
    clock.advance(timedelta(hours=25))
    act(late, "settle", note="できました。")
    html = desk.get("/staff/helpdesk/").content.decode()
    assert "<strong>33 %</strong>（この30日、3 件のうち 1 件）" in html
    assert "<strong>1 件</strong>" in html


def test_reading_a_request_stands_in_the_log(desk: Client, resident: Any) -> None:
    resident.say("使い方がわからない")
    desk.get(f"/staff/helpdesk/{only().case.number}/")
    entry = Entry.objects.filter(verb="help.read").get()
    assert entry.subject == f"case:{only().case_id}"


def test_a_voice_that_nobody_took_becomes_a_request(desk: Client, resident: Any) -> None:
    resident.say("こんにちは、いい天気ですね")
    voice = Inbound.objects.get()
    answer = desk.post(f"/staff/helpdesk/voices/{voice.pk}/take")
    assert answer["Location"] == f"/staff/helpdesk/{only().case.number}/"
    assert only().case.number in resident.news()
    desk.post(f"/staff/helpdesk/voices/{voice.pk}/take")
    assert HelpRequest.objects.count() == 1


def test_the_help_desk_can_be_switched_off(client: Client, resident: Any, town: Any) -> None:
    town.services = ["disaster"]
    town.save()
    assert client.get("/ask/").status_code == 404
    resident.say("使い方がわからない")
    assert not HelpRequest.objects.exists()


def test_who_has_no_device_is_answered_by_letter(
    desk: Client, resident: Any, act: Callable[..., None]
) -> None:
    from madoguchi.channels import registry
    from madoguchi.channels.paper.models import Letter

    sent = form(channel="counter", text="LINEを入れたい", address="調布市小島町2-35-1")
    assert "お名前も書いてください" in desk.post("/staff/helpdesk/enter/", sent).content.decode()
    desk.post("/staff/helpdesk/enter/", sent | {"name": "山田"})
    act(only(), "answer", note="次の講習は7月10日です。")
    worker.work_outbox(lambda kind, t, d: registry.channel_for(kind, t).deliver(d), {})
    letter = Letter.objects.get()
    assert "次の講習は7月10日です。" in letter.text
    assert letter.contact.addressee.name == "山田"
    assert only().answered_at is not None
