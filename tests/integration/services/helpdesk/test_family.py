"""Relatives who act for somebody: on the page, in the conversation, and at the counter."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from madoguchi.kernel.messages import worker
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.people.models import Proxy, ProxyAsk
from madoguchi.services.disaster.models import Report
from madoguchi.services.helpdesk import family
from madoguchi.services.helpdesk.models import HelpRequest
from madoguchi.services.helpdesk.views.family import guesses

ASK = {"act": "ask", "name": "山田花子", "for_name": "山田ハル", "relation": "child"}


@pytest.fixture(autouse=True)
def no_guesses_before(resident: Any) -> None:
    guesses.__init__(20)  # type: ignore[misc]


def digits(text: str) -> str:
    found = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    assert found, text
    return found.group()


def told(client: Client) -> str:
    return client.get("/message/").content.decode()


def begun() -> tuple[Client, Client]:
    """Two browsers: the daughter's and the mother's, with consent."""
    daughter, mother = Client(), Client()
    daughter.post("/family/", ASK)
    mother.post("/family/", {"act": "give"})
    code = digits(Outbox.objects.latest("id").messages[0]["text"])
    assert code in told(mother)
    assert daughter.post("/family/", {"act": "code", "code": code}).status_code == 302
    return daughter, mother


def say(client: Client, text: str) -> None:
    client.post("/message/", {"once": str(uuid.uuid4()), "text": text})
    worker.work_inbox(lambda *_: b"")


def test_before_consent_the_page_shows_nothing_of_the_person(client: Client) -> None:
    mother = Client()
    say(mother, "国領町4丁目で停電しています")
    client.post("/family/", ASK)
    html = client.get("/family/").content.decode()
    assert ProxyAsk.objects.get().number in html
    assert "停電" not in html + told(client)
    assert "代わりに知らせる（1時間）" not in html
    assert not Proxy.objects.exists()


def test_consent_by_the_persons_own_page_and_both_hear_of_it(client: Client) -> None:
    daughter, mother = begun()
    assert "山田ハルさんの代わりに使えるようになりました" in told(daughter)
    assert "山田花子さんが、あなたの代わりに" in told(mother)
    assert "代わりに知らせる（1時間）" in daughter.get("/family/").content.decode()
    assert "やめてもらう" in mother.get("/family/").content.decode()


def test_with_consent_the_persons_own_words_stay_theirs(client: Client) -> None:
    daughter, mother = begun()
    say(mother, "国領町4丁目で停電しています")
    assert "停電" not in told(daughter) + daughter.get("/family/").content.decode()


def test_what_is_sent_for_the_person_is_marked_for_staff(desk: Client) -> None:
    daughter, _ = begun()
    daughter.post("/family/", {"act": "act", "proxy": str(Proxy.objects.get().pk)})
    say(daughter, "国領町4丁目で停電しています")
    number = Report.objects.get().case.number
    html = desk.get(f"/staff/cases/{number}/").content.decode()
    assert "山田花子さん（ご本人：山田ハルさん）" in html
    daughter.post("/family/", {"act": "back"})
    say(daughter, "布田5丁目で断水しています")
    assert Inbound.objects.latest("id").for_person is None
    say(daughter, "使い方がわからない")
    assert HelpRequest.objects.exists()


def test_a_request_for_help_is_marked_too(desk: Client) -> None:
    daughter, _ = begun()
    daughter.post("/family/", {"act": "act", "proxy": str(Proxy.objects.get().pk)})
    say(daughter, "使い方がわからない")
    number = HelpRequest.objects.get().case.number
    html = desk.get(f"/staff/helpdesk/{number}/").content.decode()
    assert "山田花子さん（ご本人：山田ハルさん）" in html


@pytest.mark.parametrize("who", [0, 1])
def test_either_of_them_ends_it_at_once(client: Client, who: int) -> None:
    both = begun()
    both[who].post("/family/", {"act": "end", "proxy": str(Proxy.objects.get().pk)})
    assert Proxy.objects.get().ended_at is not None
    for browser in both:
        assert "代理を終わりにしました" in told(browser)
        assert "やめ" not in re.sub(r"いつでもやめ", "", browser.get("/family/").content.decode())


def test_a_stranger_can_neither_act_nor_end(client: Client) -> None:
    begun()
    pk = str(Proxy.objects.get().pk)
    for act in ("act", "end"):
        assert client.post("/family/", {"act": act, "proxy": pk}).status_code == 422
    assert Proxy.objects.get().ended_at is None


def test_wrong_digits_count_although_the_page_refuses(client: Client) -> None:
    client.post("/family/", ASK)
    for _ in range(5):
        assert client.post("/family/", {"act": "code", "code": "000000"}).status_code == 422
    assert ProxyAsk.objects.get().tries == 5
    html = client.post("/family/", {"act": "code", "code": "000000"}).content.decode()
    assert "窓口にお越しください" in html


def test_many_guesses_from_one_address_are_stopped(client: Client) -> None:
    for _ in range(20):
        Client().post("/family/", {"act": "code", "code": "000000"})
    html = Client().post("/family/", {"act": "code", "code": "000000"}).content.decode()
    assert "短い時間に" in html


def test_all_of_it_by_line(resident: Any, clock: Any) -> None:
    mother = type(resident)(clock, "Umother")
    assert "あなたのお名前と" in resident.say("家族のために使う")
    assert "申し込み番号は F-" in resident.say("山田花子、母の山田ハル")
    ask = ProxyAsk.objects.get()
    assert (ask.name, ask.for_name, ask.relation) == ("山田花子", "山田ハル", "child")
    code = digits(mother.say("家族に任せる"))
    assert "山田ハルさんの代わりに使えるように" in resident.say(f"番号は{code}です")
    assert "山田花子さんが" in mother.news()
    assert "山田ハルさんのこととして届きます" in resident.say("代わりに知らせる")
    resident.say("国領町4丁目で停電しています")
    assert Inbound.objects.latest("id").for_person.display_name == "山田ハル"
    assert "あなたのこととして" in resident.say("自分のことに戻す")
    assert "終わりにしました" in mother.say("代理をやめる")
    assert "終わりにしました" in resident.news()
    assert "登録はありません" in resident.say("代わりに知らせる")


def test_danger_goes_first_while_digits_are_awaited(resident: Any) -> None:
    resident.say("家族のために使う")
    resident.say("山田花子、母の山田ハル")
    assert "119" in resident.say("助けて、家が燃えています")
    assert Report.objects.get().case.urgency == 3


def test_consent_on_paper_at_the_counter(desk: Client, client: Client) -> None:
    client.post("/family/", ASK)
    ask = ProxyAsk.objects.get()
    assert ask.number in desk.get("/staff/helpdesk/family/").content.decode()
    sent = {"by": "paper", "on": "2026-06-30"}
    desk.post(f"/staff/helpdesk/family/asks/{ask.pk}", sent)
    proxy = Proxy.objects.get()
    assert (proxy.consent_by, proxy.for_person.display_name) == ("paper", "山田ハル")
    assert "山田ハルさんの代わりに使えるように" in told(client)
    assert (
        "山田花子さん（ご本人：山田ハルさん）"
        in desk.get("/staff/helpdesk/family/").content.decode()
    )
    desk.post(f"/staff/helpdesk/family/{proxy.pk}/renew", {"by": "phone", "on": "2026-07-01"})
    proxy.refresh_from_db()
    assert proxy.consent_by == "phone"
    desk.post(f"/staff/helpdesk/family/{proxy.pk}/end")
    proxy.refresh_from_db()
    assert proxy.ended_by.startswith("staff:")


def test_after_a_year_it_ends_by_itself_and_both_hear(clock: Any) -> None:
    daughter, mother = begun()
    clock.advance(timedelta(days=365))
    family.end_what_is_over()
    assert Proxy.objects.get().ended_by == "system:year"
    for browser in (daughter, mother):
        texts = [m["text"] for row in Outbox.objects.order_by("-id")[:2] for m in row.messages]
        assert browser
        assert texts == ["代理を終わりにしました。"] * 2
