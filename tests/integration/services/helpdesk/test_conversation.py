"""Asking for help in the conversation; danger to life and troubles in town go first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.messages.data import EventKind
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.people import api as people
from madoguchi.services.disaster.models import Report
from madoguchi.services.helpdesk.data import Call, Topic, When
from madoguchi.services.helpdesk.models import HelpRequest


def only() -> HelpRequest:
    return HelpRequest.objects.select_related("case", "contact").get()


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("使い方がわからない", Topic.OTHER),
        ("スマホが苦手で、写真の送り方がわかりません", Topic.PHOTO),
        ("しゃしんの おくりかたを おしえて ください", Topic.PHOTO),
        ("I don't know how to use LINE here", Topic.LINE),
    ],
)
def test_a_request_becomes_a_case_and_is_answered_at_once(
    resident: Any, words: str, topic: Topic
) -> None:
    said = resident.say(words)
    row = only()
    assert row.case.number in said
    assert "042-000-2222" in said
    assert (row.topic, row.text, row.channel) == (topic, words, "line")
    assert row.case.service == "helpdesk"
    assert Inbound.objects.get().service == "helpdesk"
    assert not Report.objects.exists()


def test_who_writes_english_is_answered_in_english(resident: Any) -> None:
    assert "A member of staff will answer you here" in resident.say("How do I send a photo?")


@pytest.mark.parametrize(
    "words",
    [
        "使い方がわからない。助けて、家が燃えています",
        "スマホが苦手です。父が倒れて息をしていません",
    ],
)
def test_danger_to_life_goes_first(resident: Any, words: str) -> None:
    said = resident.say(words)
    assert "119" in said
    assert not HelpRequest.objects.exists()
    assert Report.objects.get().case.urgency == 3


def test_danger_goes_first_while_the_help_desk_awaits_an_answer(resident: Any) -> None:
    resident.say("使い方がわからない")
    assert "119" in resident.say("たすけて、床上まで水が来て動けません")
    assert Report.objects.get().case.urgency == 3
    assert only().text == "使い方がわからない"


def test_a_trouble_in_town_is_not_swallowed_by_an_open_request(resident: Any) -> None:
    resident.say("使い方がわからない")
    resident.say("布田5丁目で道路が冠水して車が動けません")
    assert Report.objects.get().case.service == "disaster"
    assert only().text == "使い方がわからない"


def test_more_words_and_a_photo_are_added(resident: Any, photo_key: str) -> None:
    resident.say("使い方がわからない")
    assert "書き足しました" in resident.say("青いところが見えません")
    resident.say(kind=EventKind.IMAGE, file_key=photo_key)
    row = only()
    assert row.text == "使い方がわからない\n青いところが見えません"
    assert str(row.file.key) == photo_key


def test_a_call_is_asked_for_with_number_and_time(resident: Any) -> None:
    resident.say("使い方がわからない")
    assert "電話番号を送ってください" in resident.say("電話してほしい")
    assert "読み取れませんでした" in resident.say("0425")
    assert "いつお電話" in resident.say("０４２－０００－３３３３です")
    assert "042-000-3333" in resident.say("午後（13〜17時）")
    row = only()
    assert (row.phone, row.call, row.wished_when) == ("042-000-3333", Call.WANTED, When.AFTERNOON)


def test_a_wish_to_be_called_alone_is_a_request(resident: Any) -> None:
    assert "電話番号を送ってください" in resident.say("電話してほしい")
    resident.say("090-0000-1234")
    assert only().call == Call.WANTED


def test_who_manages_alone_closes_the_case(resident: Any) -> None:
    resident.say("使い方がわからない")
    said = resident.say("自分でできました")
    row = only()
    assert row.case.state == "done"
    assert row.answered_at is None  # nobody of the town answered: it does not count as such
    assert "できてよかった" in said
    assert "終わり" not in said


def test_a_second_request_after_the_first_is_closed_is_a_new_case(resident: Any) -> None:
    resident.say("使い方がわからない")
    resident.say("自分でできました")
    resident.say("写真の送り方がわかりません")
    assert Case.objects.filter(service="helpdesk").count() == 2


def test_the_answer_of_staff_comes_back(
    resident: Any, act: Callable[..., None], clock: FixedClock
) -> None:
    resident.say("使い方がわからない")
    clock.advance(timedelta(hours=2))
    act(only(), "answer", note="青いボタンを押してください。")
    assert "青いボタンを押してください。" in resident.news()
    row = only()
    assert row.answered_at - row.asked_at == timedelta(hours=2)
    act(row, "settle", note="できるようになりました。")
    assert "できるようになりました。" in resident.news()
    assert only().case.state == "done"
    assert only().answered_at == row.answered_at  # the first answer counts


def test_in_a_drill_case_and_answer_say_so(resident: Any, act: Callable[..., None]) -> None:
    from madoguchi.kernel.towns import api as towns

    town = towns.here()
    town.settings["drill"] = True
    town.save()
    resident.say("使い方がわからない")
    assert only().case.drill
    act(only(), "answer", note="押してください。")
    assert "【訓練】" in resident.news()


def test_erasing_the_person_blanks_the_request(resident: Any) -> None:
    resident.say("電話してほしい")
    resident.say("090-0000-1234")
    people.erase(only().contact.person_id, actor="system:test")
    row = only()
    assert (row.text, row.name, row.phone, row.call) == ("", "", "", Call.NONE)


def test_a_message_taken_back_leaves_the_request(resident: Any) -> None:
    from madoguchi.kernel.messages.data import TakenBack
    from madoguchi.services.helpdesk import erasing

    resident.say("使い方がわからない")
    resident.say("番地は秘密です")
    row = only()
    erasing.take_back(TakenBack(0, row.contact_id, "番地は秘密です", None))
    assert only().text == "使い方がわからない"
