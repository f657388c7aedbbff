"""A resident tells; the message stands on the map; what is unclear is asked."""

import pytest

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.messages.data import EventKind
from madoguchi.kernel.messages.models import Inbound
from madoguchi.kernel.places.data import Point
from madoguchi.services.disaster.models import Report

from .conftest import MAIN_JOB, Resident, only_case

IN_TOWN = Point(35.6517, 139.5446)


def test_the_main_job_stands_on_the_map_with_need_urgency_and_place(resident: Resident) -> None:
    answer = resident.say(MAIN_JOB)
    case = only_case()
    assert (case.state, case.urgency) == ("new", 2)
    assert case.categories[:2] == ["flood", "road"]
    assert (case.accuracy, case.place_label) == ("facility", "多摩川住宅")
    assert case.lat == pytest.approx(35.6445, abs=0.02)
    assert case.radius_m > 0
    assert case.number in answer
    assert "多摩川住宅" in answer
    report = Report.objects.get()
    assert any("冠水" in reason["text"] for reason in report.reasons)


def test_a_place_that_is_missing_is_asked_and_the_pin_is_taken(resident: Resident) -> None:
    answer = resident.say("床上まで水が来ています")
    assert "住所" in answer
    assert only_case().ask_pending
    assert only_case().lat is None
    answer = resident.say(point=IN_TOWN)
    case = only_case()
    assert (case.lat, case.accuracy, case.place_confirmed) == (IN_TOWN.lat, "pin", True)
    assert not case.ask_pending
    assert "ありがとうございます" in answer


def test_the_place_can_be_answered_in_words(resident: Resident) -> None:
    resident.say("床上まで水が来ています")
    answer = resident.say("国領町3丁目です")
    assert only_case().place_label.endswith("国領町三丁目")
    assert "国領町三丁目" in answer


def test_who_does_not_know_the_place_is_not_asked_for_ever(resident: Resident) -> None:
    resident.say("床上まで水が来ています")
    assert "職員が確認" in resident.say("場所がわからない")
    assert resident.say("国領町3丁目の道路が冠水しています").count("受付番号") == 1
    assert Case.objects.count() == 2


def test_answers_that_name_no_place_are_kept_and_asked_twice_at_most(resident: Resident) -> None:
    resident.say("床上まで水が来ています")
    assert "もう一度" in resident.say("ええと、橋の近く") or only_case()
    resident.say("あの、うちの前")
    answer = resident.say("えっと")
    report = Report.objects.order_by("id").first()
    assert report is not None
    assert "橋の近く" in report.text
    assert "場所を送る" not in answer


def test_another_matter_at_the_same_place_is_a_case_of_its_own(
    resident: Resident, neighbour: Resident
) -> None:
    resident.say("国領町1丁目で道路が冠水しています")
    neighbour.say("国領町1丁目で停電しています")
    assert [case.witnesses for case in Case.objects.order_by("id")] == [1, 1]


def test_another_matter_with_its_own_place_is_no_answer(resident: Resident) -> None:
    resident.say("床上まで水が来ています")
    resident.say("国領町3丁目で停電しています")
    flood, power = Case.objects.order_by("id")
    assert (flood.lat, "flood" in flood.categories) == (None, True)
    assert power.lat is not None
    assert power.categories == ["lifeline"]


def test_danger_breaks_into_an_open_question(resident: Resident) -> None:
    resident.say("床上まで水が来ています")
    answer = resident.say("助けて！祖母が二階に取り残されて動けません")
    assert "119番" in answer
    assert Case.objects.filter(urgency=3).count() == 1


def test_a_photo_first_then_the_words_are_one_report(resident: Resident, photo_key: str) -> None:
    answer = resident.say(file_key=photo_key)
    assert "何が起きていますか" in answer
    resident.say("国領町3丁目の道路に倒木。通れません")
    case = only_case()
    assert case.categories[0] == "road"
    assert case.urgency == 2
    assert Report.objects.get().photos.count() == 1


def test_the_words_first_then_the_photo_are_one_report(resident: Resident, photo_key: str) -> None:
    resident.say(MAIN_JOB)
    assert "写真を受け取りました" in resident.say(file_key=photo_key)
    assert Report.objects.get().photos.count() == 1


def test_a_pin_that_arrives_before_its_words_is_joined_to_them(resident: Resident) -> None:
    resident.say(point=IN_TOWN)
    resident.say("道路が冠水しています")
    case = only_case()
    assert (case.lat, case.accuracy) == (IN_TOWN.lat, "pin")
    assert case.categories[0] == "flood"


def test_two_people_telling_of_one_thing_are_one_case_with_two_witnesses(
    resident: Resident, neighbour: Resident
) -> None:
    resident.say("国領町3丁目の道路が冠水しています")
    neighbour.say("国領町三丁目、道が水没して通れません")
    case = only_case()
    assert case.witnesses == 2
    assert Report.objects.filter(case=case).count() == 2


def test_the_next_block_flooded_at_the_same_hour_is_another_case(
    resident: Resident, neighbour: Resident
) -> None:
    resident.say("国領町3丁目の道路が冠水しています")
    neighbour.say("国領町4丁目の道路が冠水しています")
    assert Case.objects.count() == 2


def test_the_newest_state_of_a_place_is_shown_but_staff_closes_it(
    resident: Resident, neighbour: Resident
) -> None:
    resident.say("国領町3丁目の道路が冠水で通行止めです")
    neighbour.say("国領町3丁目の道路、水が引きました。通行止めは解除されました。")
    case = only_case()
    assert case.state == "new"
    assert "解除・復旧の知らせあり" in case.title


def test_chatter_opens_no_case_but_is_kept_and_answered(resident: Resident) -> None:
    answer = resident.say("仕事が炎上して死ぬほど忙しい")
    assert "受け取りました" in answer
    assert Case.objects.count() == 0
    assert Report.objects.get().case is None
    assert Inbound.objects.get().state == "done"


def test_a_rescue_text_with_a_block_that_does_not_exist_is_doubtful_and_not_hidden(
    neighbour: Resident,
) -> None:
    neighbour.say("拡散希望！調布市布田99丁目で生き埋め、助けて")
    case = only_case()
    assert (case.doubtful, case.urgency, case.lat) == (True, 3, None)


def test_a_follow_is_greeted_and_a_sticker_is_answered(neighbour: Resident) -> None:
    assert "登録ありがとうございます" in neighbour.say(kind=EventKind.FOLLOW)
    assert "文章で送ってください" in neighbour.say(kind=EventKind.OTHER, reply_token="sticker")
    assert neighbour.say(kind=EventKind.OTHER) == ""  # nobody spoke: a message was taken back
    assert neighbour.say(kind=EventKind.UNFOLLOW) == ""


@pytest.mark.parametrize(
    "text",
    [
        "😀😀😀",
        "\u202eabc\u202c",
        "あ" * 100_000,
        "\x01\x02",
        "=HYPERLINK(1)",
        "<script>alert(1)</script>",
    ],
)
def test_odd_texts_are_kept_and_answered(resident: Resident, text: str) -> None:
    assert resident.say(text) != ""
    assert Inbound.objects.get().state == "done"
    assert "\u202e" not in Report.objects.get().text


def test_what_happens_again_after_a_case_was_closed_is_a_new_case(
    resident: Resident, neighbour: Resident
) -> None:
    resident.say("国領町3丁目の道路が冠水しています")
    cases.settle(only_case().pk, actor="staff:1", note="水が引きました。")
    neighbour.say("国領町三丁目、また道が水没して通れません")
    assert list(Case.objects.order_by("id").values_list("state", flat=True)) == ["done", "new"]


def test_danger_told_with_the_place_is_answered_with_119_too(resident: Resident) -> None:
    resident.say("床上まで水が来ています")
    answer = resident.say("国領町3丁目です。祖母が二階に取り残されて動けません")
    assert "119番" in answer
    assert (only_case().urgency, only_case().accuracy) == (3, "block")


def test_a_later_pin_does_not_move_a_place_that_is_confirmed(resident: Resident) -> None:
    resident.say("床上まで水が来ています")
    resident.say(point=IN_TOWN)
    answer = resident.say(point=Point(35.66, 139.55))
    first = Report.objects.order_by("id").first()
    assert first is not None
    assert first.lat == IN_TOWN.lat
    assert "何が起きていますか" in answer


def test_a_sticker_or_a_follow_is_no_answer_to_an_open_question(neighbour: Resident) -> None:
    neighbour.say("床上まで水が来ています")
    assert "文章で送ってください" in neighbour.say(kind=EventKind.OTHER, reply_token="sticker")
    assert "登録ありがとうございます" in neighbour.say(kind=EventKind.FOLLOW)
    assert "ありがとうございます" in neighbour.say("国領町3丁目です")
