"""Residents are answered in their language: chosen, or heard from what they write."""

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages import inbox, worker
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.messages.models import Outbox
from madoguchi.kernel.people.models import Person

if TYPE_CHECKING:
    from madoguchi.kernel.towns.models import Town


@pytest.fixture(autouse=True)
def services(town: "Town") -> None:
    town.services = ["disaster"]
    town.contact_phone = "042-000-1111"
    town.save()


def hear(text: str, clock: FixedClock, sender: str = "U1") -> str:
    """Send words by LINE; returns the newest answer."""
    inbox.receive("line", [Incoming(f"{uuid4()}", EventKind.TEXT, sender, clock.now(), text=text)])
    while worker.work_inbox():
        pass
    messages = Outbox.objects.filter(recipient=sender).latest("id").messages
    return str(messages[-1]["text"])


def test_who_writes_english_is_answered_in_english(clock: FixedClock) -> None:
    said = hear("The road at 国領町3丁目 is flooded", clock, "U2")
    assert "受け付けました" in said  # Japanese letters: it cannot be told
    said = hear("Please help, the water is coming into the house", clock)
    assert said.startswith("If a life is in danger") or said.startswith("Received.")
    assert "Where is it?" in said


def test_the_news_of_the_case_comes_in_the_same_language(clock: FixedClock) -> None:
    hear("The tree fell and blocks the road near the school", clock)
    hear("道路が冠水しています。国領町3丁目", clock, "U2")
    for case in Case.objects.all():
        cases.start(case.pk, actor="staff:1")
    by_sender = {row.recipient: row.messages[-1]["text"] for row in Outbox.objects.order_by("id")}
    assert "Work on it has begun." in by_sender["U1"]
    assert "対応を始めました。" in by_sender["U2"]


def test_a_language_is_chosen_by_its_name_and_kept(clock: FixedClock) -> None:
    assert hear("やさしい日本語", clock) == (
        "これからは やさしい 日本語（にほんご）で 答（こた）えます。"
    )
    assert "場所（ばしょ）" in hear("道路が冠水しています。国領町3丁目", clock)
    assert hear("English", clock) == "From now on we answer in English."
    assert hear("日本語", clock) == "これからは日本語でお答えします。"
    assert Person.objects.get().preferred_language == "ja"


def test_an_english_writer_who_turns_to_japanese_is_followed(clock: FixedClock) -> None:
    hear("There is no power in our building", clock)
    assert hear("国領町3丁目で停電しています", clock).startswith("ありがとうございます。")


def test_danger_goes_before_the_choice_of_a_language(clock: FixedClock) -> None:
    hear("English", clock)
    assert "119" in hear("助けて 家がつぶれて出られない 国領町3丁目", clock)


def test_the_buttons_of_the_question_are_understood_in_english(clock: FixedClock) -> None:
    hear("A wall has fallen on the street", clock)
    assert hear("I don't know where", clock).startswith("All right.")


def test_the_page_decides_on_the_web(client: Client, clock: FixedClock) -> None:
    client.cookies["md_lang"] = "easy"
    sent = {"text": "国領町3丁目の道路が冠水しています", "once": str(uuid4())}
    assert client.post("/message/", sent).status_code == 302
    while worker.work_inbox():
        pass
    said = Outbox.objects.filter(channel="web").latest("id").messages[-1]["text"]
    assert said.startswith("うけとりました。番号（ばんごう）は ")
