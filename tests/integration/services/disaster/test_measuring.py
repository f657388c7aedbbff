"""A town measures the reading on its own messages; nobody else sees them, no upload stays."""

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.measures.models import Event
from madoguchi.kernel.people import api as people
from madoguchi.kernel.places.data import Point
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.services.disaster import correcting, measuring
from madoguchi.services.disaster.data import Category, Urgency
from madoguchi.services.disaster.engine.scoring import Placed
from madoguchi.services.disaster.models import Report

from .conftest import MAIN_JOB, Resident, only_case, signed_in

URL = "/staff/measuring/"
STAFF = "staff:1"


@pytest.fixture
def drill(town: Town) -> Town:
    """The town holds a drill."""
    town.settings["drill"] = True
    town.save()
    return town


@pytest.fixture
def manager(drill: Town) -> Client:
    """A browser in which a manager is signed in."""
    return signed_in(people.add_staff("m", "管理職", "manager", actor="system:test"))


def answer(report: Report, **changed: object) -> dict[str, object]:
    """What a member of staff says is right."""
    told = {"report": report.pk, "urgency": "2", "categories": ["road"], "where": ""}
    return told | changed


def found(**wanted: bool) -> list[tuple[str, str, Placed]]:
    """The measured messages: case number, what the truth says of the urgency, the place."""
    given = {"drills": True, "from_cases": True} | wanted
    return [(e.name, e.truth.urgency.name, e.placed) for e in measuring.examples(**given)]


def test_the_first_reading_is_kept_whatever_comes_later(resident: Resident, drill: Town) -> None:
    resident.say(MAIN_JOB)
    first = Report.objects.get().first_reading
    resident.say(point=Point(35.66, 139.55))
    resident.say("訂正：家が燃えています。助けて")
    report = Report.objects.earliest("id")
    assert report.first_reading == first
    assert report.accuracy == "pin"
    assert (first["urgency"], first["drill"], first["pinned"]) == (2, True, False)
    assert "road" in first["categories"] or "flood" in first["categories"]


def test_a_photo_has_no_first_reading(resident: Resident, photo_key: str, drill: Town) -> None:
    resident.say(file_key=photo_key)
    assert Report.objects.get().first_reading == {}
    assert not measuring.unchecked(drills=False).exists()


def test_words_after_a_photo_are_what_was_first_read_and_shown_alone(
    resident: Resident, photo_key: str, manager: Client
) -> None:
    resident.say(file_key=photo_key)
    resident.say("道路に大きな穴があいています")
    resident.say("わかりません")  # where
    assert Report.objects.get().text == "道路に大きな穴があいています"
    report = Report.objects.get()
    report.text += "\nここから後に言ったこと"
    report.save()
    page = manager.get(f"{URL}check").content.decode()
    assert "大きな穴" in page
    assert "ここから後" not in page
    assert measuring.first_words(report) == "道路に大きな穴があいています"


def test_staff_answers_without_seeing_the_machine_and_then_hears_of_it(
    resident: Resident, manager: Client
) -> None:
    resident.say(MAIN_JOB)
    page = manager.get(f"{URL}check")
    html = page.content.decode()
    assert MAIN_JOB in html
    assert "checked" not in html.partition('<form method="post" novalidate')[2]
    report = Report.objects.get()
    said = manager.post(f"{URL}check", answer(report, where="布田5丁目"), follow=True)
    assert "残しました。機械の読み取りは「今日中に対応、" in said.content.decode()
    report.refresh_from_db()
    assert (report.checked["urgency"], report.checked["categories"]) == (2, ["road"])
    assert report.checked["place"]["label"] == "調布市布田五丁目"
    assert Entry.objects.filter(verb="reading.check", subject=f"report:{report.pk}").exists()
    assert "確かめていない文はありません" in said.content.decode()


def test_a_wrong_answer_is_said_and_nothing_is_kept(resident: Resident, manager: Client) -> None:
    resident.say(MAIN_JOB)
    report = Report.objects.get()
    bad = manager.post(f"{URL}check", answer(report, where="ありえない町", urgency=""))
    assert bad.status_code == 422
    assert "緊急度を選んでください" in bad.content.decode()
    assert "ありえない町" in bad.content.decode()
    bad = manager.post(f"{URL}check", answer(report, where="ありえない町"))
    assert "この町の地名の一覧に見つかりません" in bad.content.decode()
    report.refresh_from_db()
    assert report.checked is None
    again = manager.post(f"{URL}check", answer(report))
    assert again.status_code == 302
    assert manager.post(f"{URL}check", answer(report)).status_code == 404  # once is enough


def test_cases_that_staff_looked_at_count_unless_they_tell_of_several_messages(
    resident: Resident, neighbour: Resident, drill: Town
) -> None:
    resident.say(MAIN_JOB)
    assert found() == []
    case = only_case()
    cases.see(case.pk, actor=STAFF)
    assert found() == [(case.number, "TODAY", Placed.UNKNOWN)]
    case.refresh_from_db()
    correcting.judge(
        case, urgency=3, categories=["rescue"], doubtful=False, actor=STAFF, expected_seq=None
    )
    place = correcting.place_from("布田5丁目", None, None, case)
    correcting.correct_place(case, place, actor=STAFF, expected_seq=None)
    name, urgency, placed = found()[0]
    assert (name, urgency) == (case.number, "LIFE")
    assert placed in (Placed.WRONG, Placed.ASKED, Placed.MISSED)
    assert found(from_cases=False) == []
    neighbour.say(MAIN_JOB)
    assert Report.objects.filter(case=case).count() == 2
    assert found() == []


def test_real_messages_count_only_when_wanted(resident: Resident, town: Town) -> None:
    resident.say(MAIN_JOB)
    cases.see(only_case().pk, actor=STAFF)
    assert found() == []
    assert len(found(drills=False)) == 1


def test_a_pin_of_the_sender_is_no_place_that_the_machine_found(
    resident: Resident, drill: Town
) -> None:
    resident.say(MAIN_JOB, point=Point(35.66, 139.55))
    cases.see(only_case().pk, actor=STAFF)
    case = only_case()
    place = correcting.place_from("布田5丁目", None, None, case)
    correcting.correct_place(case, place, actor=STAFF, expected_seq=None)
    assert [row[2] for row in found()] == [Placed.UNKNOWN]


def test_words_that_were_erased_are_not_measured(resident: Resident, drill: Town) -> None:
    resident.say(MAIN_JOB)
    cases.see(only_case().pk, actor=STAFF)
    people.erase(Report.objects.get().contact.person_id, actor=STAFF)
    assert found() == []


def test_the_page_says_that_few_messages_say_nothing(resident: Resident, manager: Client) -> None:
    resident.say(MAIN_JOB)
    cases.see(only_case().pk, actor=STAFF)
    html = manager.get(URL).content.decode()
    assert "1件では、まだ何とも言えません" in html
    assert "件数が少なく、言えません" in html
    assert "%" not in html.partition("<h3>数字</h3>")[2].partition("<h3>")[0].replace("95%", "")


def test_one_and_three_messages_take_the_same_queries(
    manager: Client, clock: FixedClock, drill: Town
) -> None:
    counts = []
    for number in range(3):
        Resident(clock, f"w{number}").say(f"国領町{number + 2}丁目で停電しています")
        for case in Case.objects.all():
            cases.see(case.pk, actor=STAFF)
        manager.get(URL)  # the session takes note of the time
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(URL).status_code == 200
        counts.append(len(queries))
    assert len(found()) == 3
    assert counts[0] == counts[2]


def test_the_result_as_csv_has_no_formula(resident: Resident, manager: Client) -> None:
    resident.say("=1+1 布田5丁目の道路が冠水しています")
    manager.post(f"{URL}check", answer(Report.objects.get(), urgency="3", categories=["fire"]))
    sheet = manager.get(f"{URL}result.csv")
    assert sheet["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in sheet["Content-Disposition"]
    table = rows_of(sheet)
    assert any(cell.startswith("'=1+1") for row in table for cell in row)
    assert not [cell for row in table for cell in row if cell[:1] in "=+-@\t\r" and cell]
    assert Entry.objects.filter(verb="reading.export").exists()


def rows_of(sheet: HttpResponse) -> list[list[str]]:
    """The rows of a CSV answer."""
    return list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"), newline="")))


SHEET = (
    "文,緊急度,種類,場所\n"
    "布田5丁目の道路が冠水して通れません,2,浸水・水害、道路・交通,布田5丁目\n"
    "電池が死んだ,0,その他,\n"
    "火事だ,9,火事,\n"
)


def upload(client: Client, text: str, **more: str) -> HttpResponse:
    """Hand in a sheet."""
    file = SimpleUploadedFile("drill.csv", text.encode(), "text/csv")
    return client.post(f"{URL}sheet", {"file": file, **more})


def test_a_sheet_is_measured_and_nothing_of_it_stays(manager: Client, drill: Town) -> None:
    said = upload(manager, SHEET)
    html = said.content.decode()
    assert said.status_code == 200
    assert "2件の結果" in html
    assert "4行目：緊急度「9」がわかりません" in html
    assert not Report.objects.exists()
    noted = Event.objects.get(name="reading_measured")
    assert (noted.value, noted.attrs) == (2.0, {"source": "sheet"})
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "電池が死んだ" not in str(cursor.fetchall()), table


def test_the_result_of_a_sheet_comes_as_csv_too(manager: Client) -> None:
    table = rows_of(upload(manager, SHEET, **{"as": "csv"}))
    assert table[0][0] == "項目"
    assert ["緊急度が合っていたもの", "件数が少なく、言えません", "", "", "2", "2"] in table


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("文\n停電\n", "「緊急度」「種類」の列がありません"),
        ("文,緊急度,種類\n停電,9,その他\n", "使える行がありません"),
        ("文,緊急度,種類\n", "使える行がありません"),
        ("x" * 2_000_001, "2MBまで"),
    ],
)
def test_a_sheet_that_cannot_be_used_says_why(manager: Client, text: str, why: str) -> None:
    said = upload(manager, text)
    assert said.status_code == 422
    assert why in said.content.decode()
    assert not Event.objects.filter(name="reading_measured").exists()


def test_the_example_of_the_page_can_be_handed_in(manager: Client) -> None:
    sample = manager.get(f"{URL}example.csv").content.decode("utf-8-sig")
    assert upload(manager, sample).status_code == 200


def test_another_towns_messages_are_neither_shown_nor_checked(
    manager: Client, clock: FixedClock, town: Town, other_town: Town
) -> None:
    with current.use(other_town.pk):
        other_town.settings["drill"] = True
        other_town.save()
        Resident(clock, "w-far").say("今井3丁目でブロック塀が倒れています")
        theirs = Report.objects.get()
        for case in Case.objects.all():
            cases.see(case.pk, actor=STAFF)
        assert len(found()) == 1
    with current.use(town.pk):
        assert found() == []
        for page in ("", "check", "result.csv"):
            assert "ブロック塀" not in manager.get(URL + page).content.decode()
        assert manager.post(f"{URL}check", answer(theirs)).status_code == 404
    with current.use(other_town.pk):
        theirs.refresh_from_db()
        assert theirs.checked is None


def test_the_card_says_what_it_is_and_prints(manager: Client) -> None:
    html = manager.get(reverse("disaster:measuring_card")).content.decode()
    for words in (
        "読み取りは下書きです",
        "人の書き方をまねて作った文",
        "命の危険を見落とすことがあります",
    ):
        assert words in html
    css = Path(__file__).parents[4] / "src/madoguchi/ui/static/ui/base.css"
    assert "@media print" in css.read_text("utf-8")


def test_categories_and_urgencies_of_the_truth_are_those_of_the_room(
    resident: Resident, manager: Client
) -> None:
    resident.say(MAIN_JOB)
    manager.post(
        f"{URL}check", answer(Report.objects.get(), urgency="3", categories=["rescue", "flood"])
    )
    truth = measuring.examples(drills=True, from_cases=False)[0].truth
    assert truth.urgency is Urgency.LIFE
    assert truth.categories == {Category.RESCUE, Category.FLOOD}
    assert (truth.place, truth.place_known) == (None, True)
