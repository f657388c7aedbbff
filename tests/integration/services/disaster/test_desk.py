"""What staff reads and does; each action is one verb, and the sender hears of it."""

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from madoguchi.channels.web import device
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.messages import worker
from madoguchi.kernel.messages.data import EventKind
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster.models import Report

from .conftest import MAIN_JOB, Hall, Resident, no_media, only_case, signed_in


def act(desk: Client, case: Case, name: str, **data: object) -> str:
    """Press a button on the page of a case and return the page that follows."""
    url = reverse(f"disaster:{name}", args=[case.number])
    return desk.post(url, {"seq": case.seq, **data}, follow=True).content.decode()


def test_the_page_of_a_case_shows_what_was_told_why_and_is_audited(
    desk: Client, hall: Hall, resident: Resident
) -> None:
    resident.say(MAIN_JOB)
    page = desk.get(reverse("disaster:case", args=[only_case().number])).content.decode()
    assert MAIN_JOB in page
    assert "「冠水」：浸水・氾濫" in page
    assert "多摩川住宅" in page
    reads = Entry.objects.filter(verb="case.read", subject=f"case:{only_case().pk}")
    assert reads.get().actor == hall.operator.actor


def test_assigning_starting_and_settling_are_told_to_the_sender(
    desk: Client, hall: Hall, resident: Resident
) -> None:
    resident.say(MAIN_JOB)
    act(desk, only_case(), "assign", department=hall.roads.pk, assignee=hall.operator.pk)
    assert "道路管理課が担当します" in resident.news()
    act(desk, only_case(), "state", verb="start")
    assert "対応を始めました" in resident.news()
    act(desk, only_case(), "state", verb="settle", note="排水が終わり、通れます。")
    assert "排水が終わり、通れます。" in resident.news()
    case = only_case()
    assert (case.state, case.department, case.assignee) == ("done", hall.roads, hall.operator)


def test_the_history_says_to_what_things_were_set(
    desk: Client, hall: Hall, resident: Resident
) -> None:
    resident.say(MAIN_JOB)
    act(desk, only_case(), "assign", department=hall.roads.pk, assignee=hall.operator.pk)
    act(desk, only_case(), "place", where="国領駅")
    page = act(desk, only_case(), "judge", urgency=1, categories=["fire"], doubtful="1")
    page += act(desk, only_case(), "state", verb="refuse", note="所管外です。")
    past = page.rpartition("これまでの対応")[2]
    rows = re.findall('data-label="したこと">(.*?)</td>.*?data-label="内容">(.*?)</td>', past)
    assert dict(rows) | {
        "担当の決定": "道路管理課　職員一",
        "緊急度の変更": "記録",
        "種類の変更": "火事",
        "「要確認」の変更": "要確認にした",
        "「対応しない」の決定": "所管外です。",
    } == dict(rows)
    assert "国領駅" in dict(rows)["場所の変更"]


def test_settling_without_words_changes_nothing_and_says_what_is_missing(
    desk: Client, resident: Resident
) -> None:
    resident.say(MAIN_JOB)
    page = act(desk, only_case(), "state", verb="settle", note="  ")
    assert "知らせた人に伝える内容を書いてください" in page
    assert only_case().state == "new"
    assert "終わりました" not in resident.news()


@pytest.mark.parametrize(
    ("given", "label", "accuracy"),
    [
        ({"where": "国領町3丁目"}, "国領町三丁目", "block"),
        ({"where": "", "lat": "35.65", "lon": "139.55"}, "", "pin"),
    ],
)
def test_a_corrected_place_stands_and_is_told(
    desk: Client, resident: Resident, given: dict[str, str], label: str, accuracy: str
) -> None:
    resident.say("床上まで水が来ています")
    act(desk, only_case(), "place", **given)
    case = only_case()
    assert (case.accuracy, case.place_confirmed, case.ask_pending) == (accuracy, True, False)
    assert label in case.place_label
    assert case.place_label in resident.news()


def test_what_staff_set_is_not_changed_by_a_later_witness(
    desk: Client, resident: Resident, neighbour: Resident
) -> None:
    resident.say("国領町3丁目の道路が冠水しています")
    act(desk, only_case(), "judge", urgency=1, categories=["road"], doubtful="")
    act(desk, only_case(), "place", where="国領駅")
    neighbour.say("国領町三丁目、道が水没して通れません")
    case = only_case()
    assert (case.witnesses, case.urgency, case.categories) == (2, 1, ["road"])
    assert "国領駅" in case.place_label


def test_a_place_that_nobody_knows_is_refused_with_a_way_on(
    desk: Client, resident: Resident
) -> None:
    resident.say(MAIN_JOB)
    page = act(desk, only_case(), "place", where="ほげほげ")
    assert "見つかりませんでした" in page
    assert only_case().place_label == "多摩川住宅"


def test_merging_moves_the_reports_and_tells_the_sender_the_new_number(
    desk: Client, resident: Resident, neighbour: Resident
) -> None:
    resident.say("国領町3丁目の道路が冠水しています")
    neighbour.say("国領町4丁目の道路が冠水しています")
    first, second = Case.objects.order_by("id")
    neighbour.news()
    act(desk, second, "merge", into=first.number)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.witnesses, second.state, second.merged_into) == (2, "merged", first)
    assert Report.objects.filter(case=first).count() == 2
    assert first.number in neighbour.news()


def test_splitting_gives_one_report_a_case_of_its_own(
    desk: Client, resident: Resident, neighbour: Resident
) -> None:
    resident.say("国領町3丁目の道路が冠水しています")
    neighbour.say("国領町三丁目、道が水没して通れません")
    report = Report.objects.get(contact__channel="line")
    act(desk, only_case(), "split", report=report.pk)
    assert Case.objects.count() == 2
    assert sorted(Case.objects.values_list("witnesses", flat=True)) == [1, 1]


def test_a_colleagues_change_is_not_overwritten(
    desk: Client, hall: Hall, resident: Resident
) -> None:
    from madoguchi.kernel.cases import api as cases

    resident.say(MAIN_JOB)
    seen = only_case()
    cases.assign(seen.pk, department_id=hall.roads.pk, actor=hall.viewer.actor)
    page = act(desk, seen, "state", verb="settle", note="おわり")
    assert "職員二" in page
    assert only_case().state == "assigned"


def test_a_viewer_may_look_and_not_act(hall: Hall, resident: Resident) -> None:
    resident.say(MAIN_JOB)
    looker = signed_in(hall.viewer)
    case = only_case()
    page = looker.get(reverse("disaster:case", args=[case.number]))
    assert page.status_code == 200
    assert "対応する" not in page.content.decode()
    assert (
        looker.post(reverse("disaster:state", args=[case.number]), {"verb": "see"}).status_code
        == 403
    )
    assert only_case().state == "new"


def test_writing_to_the_sender_goes_to_history_and_sender(desk: Client, resident: Resident) -> None:
    resident.say(MAIN_JOB)
    act(desk, only_case(), "write", note="水深はどのくらいですか。")
    assert "水深はどのくらいですか。" in resident.news()
    act(desk, only_case(), "write", note="内部のメモ", inside="1")
    assert resident.news() == ""
    assert (
        "内部のメモ"
        in desk.get(reverse("disaster:case", args=[only_case().number])).content.decode()
    )


def test_a_telephone_memo_goes_through_the_same_door(
    desk: Client, hall: Hall, resident: Resident
) -> None:
    once = "6a0ef7e4-8a55-4c35-9f0e-0b7d4b7f0f10"
    memo = {
        "once": once,
        "text": "70代女性より。国領町3丁目、自宅が床下浸水",
        "caller": "042-000-0000",
    }
    for _ in range(2):
        desk.post(reverse("disaster:phone"), memo)
    worker.work_inbox(no_media)
    case = only_case()
    assert case.place_label.endswith("国領町三丁目")
    page = desk.get(reverse("disaster:case", args=[case.number])).content.decode()
    assert "042-000-0000" in page


def test_chatter_can_be_made_a_case_by_staff(desk: Client, resident: Resident) -> None:
    resident.say("仕事が炎上して死ぬほど忙しい")
    inbound = Inbound.objects.get()
    assert "炎上" in desk.get(reverse("voices")).content.decode()
    desk.post(reverse("disaster:open_from_voice", args=[inbound.pk]))
    assert only_case().urgency == 1
    assert "炎上" not in desk.get(reverse("voices")).content.decode()


def test_another_towns_numbers_lead_nowhere(
    desk: Client, town: Town, other_town: Town, resident: Resident
) -> None:
    with current.use(other_town.pk):
        stranger = Resident(resident.clock, "w-stranger")
        stranger.say("青梅市東青梅1丁目で停電")
        number = only_case().number
        inbound = Inbound.objects.get().pk
        row = Outbox.objects.get().pk
    assert Case.objects.count() == 0
    assert desk.get(reverse("disaster:case", args=[number])).status_code == 404
    for verb in ("state", "assign", "place", "judge", "merge", "split", "write"):
        assert desk.post(reverse(f"disaster:{verb}", args=[number])).status_code == 404
    assert desk.post(reverse("disaster:open_from_voice", args=[inbound])).status_code == 404
    assert desk.post(reverse("hand_over", args=[inbound])).status_code == 404
    desk.post(reverse("delivery", args=[row, "settle"]))
    with current.use(other_town.pk):
        assert Outbox.objects.get().settled_at is None


def test_staff_of_another_town_is_not_let_in(desk: Client, town: Town, other_town: Town) -> None:
    for name in ("map", "map_data", "map_changes", "cases", "phone", "notices"):
        page = desk.get(reverse(f"disaster:{name}"), headers={"host": "ome.example.jp"})
        assert page.status_code == 403, name


def test_nobody_gets_in_without_signing_in(town: Town, resident: Resident) -> None:
    resident.say(MAIN_JOB)
    number = only_case().number
    for url in (
        reverse("disaster:map"),
        reverse("disaster:map_data"),
        reverse("disaster:map_changes"),
        reverse("disaster:case", args=[number]),
    ):
        answer = Client().get(url)
        assert answer.status_code in (302, 401)
        assert MAIN_JOB not in answer.content.decode()


def test_a_message_that_was_read_as_chatter_can_be_handed_to_the_room(
    desk: Client, resident: Resident
) -> None:
    resident.say("仕事が炎上して死ぬほど忙しい")
    inbound = Inbound.objects.get()
    url = reverse("hand_over", args=[inbound.pk])
    assert desk.post(url, {"service": "disaster"}).status_code == 302
    assert only_case().urgency == 1
    assert desk.post(url, {"service": "disaster"}).status_code == 302
    assert Case.objects.count() == 1


def test_a_photo_of_a_published_case_is_still_for_staff_and_sender_alone(
    desk: Client, resident: Resident, photo_key: str
) -> None:
    from madoguchi.kernel.cases import api as cases

    resident.say(MAIN_JOB, file_key=photo_key)
    cases.publish(only_case().pk, actor="staff:1")
    for size in ("thumb", "full"):
        url = reverse(f"files:{size}", args=[photo_key])
        assert Client().get(url).status_code == 404
        assert desk.get(url).status_code == 200


def device_of(key: str) -> Client:
    """The browser that carries a device key."""
    request, answer = RequestFactory().get("/"), HttpResponse()
    device.remember(request, answer, key)
    client = Client()
    client.cookies = answer.cookies
    return client


def test_a_photo_is_seen_by_the_device_that_sent_it_and_by_no_other_device(
    resident: Resident, neighbour: Resident, photo_key: str
) -> None:
    resident.say(MAIN_JOB, file_key=photo_key)
    neighbour.say(MAIN_JOB)
    url = reverse("files:thumb", args=[photo_key])
    assert device_of(resident.address).get(url).status_code == 200
    assert device_of("another device").get(url).status_code == 404
    assert device_of(neighbour.address).get(url).status_code == 404


def test_who_left_the_account_is_not_written_to(
    desk: Client, hall: Hall, neighbour: Resident
) -> None:
    neighbour.say("国領町3丁目の道路が冠水しています")
    neighbour.say(kind=EventKind.UNFOLLOW)
    act(desk, only_case(), "assign", department=hall.roads.pk)
    assert neighbour.news() == ""


def test_the_list_asks_as_often_for_three_cases_as_for_one(
    desk: Client, resident: Resident, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = reverse("disaster:cases")
    resident.say("国領町1丁目の道路が冠水しています")
    desk.get(url)  # the session notes that its owner is still there
    with CaptureQueriesContext(connection) as one:
        desk.get(url)
    for_one = len(one)  # asked now: the next request empties the log
    resident.say("国領町4丁目で停電しています")
    resident.say("布田5丁目でブロック塀が倒れています")
    desk.get(url)  # and once more: a minute has passed
    with django_assert_num_queries(for_one):
        desk.get(url)
    assert Case.objects.count() == 3
