"""CSV of drill messages: what is read, what is refused and how, and what no spreadsheet runs."""

import csv
import io

import numpy as np
import pytest

from madoguchi.kernel.places.data import Accuracy, Place, Point
from madoguchi.kernel.places.locate import Unreadable
from madoguchi.services.disaster import drill_sheets as sheets
from madoguchi.services.disaster.data import Category as C
from madoguchi.services.disaster.data import Urgency
from madoguchi.services.disaster.engine.scoring import Example, Said, Truth, score

BLOCK = Place(Point(35.6, 139.5), Accuracy.BLOCK, 300, "国領町三丁目", "13208")


def find(where: str) -> Place | None:
    return BLOCK if where == "国領町3丁目" else None


def read(text: str, encoding: str = "utf-8") -> tuple[list[sheets.DrillRow], list[str]]:
    return sheets.read(text.encode(encoding), find)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_sheet_is_read_in_the_encodings_of_spreadsheets(encoding: str) -> None:
    rows, wrong = read(
        "文,緊急度,種類,場所\r\n道路が冠水,２,浸水・水害、道路・交通,国領町3丁目\r\n", encoding
    )
    assert not wrong
    assert rows == [
        sheets.DrillRow(
            2, "道路が冠水", Truth(Urgency.TODAY, frozenset({C.FLOOD, C.ROAD}), BLOCK, True)
        )
    ]


def test_names_and_codes_are_the_same_and_columns_stand_anywhere() -> None:
    rows, wrong = read("place,categories,text,urgency\n不明,fire;injury,家が燃えている,命の危険\n")
    assert not wrong
    assert rows[0].truth == Truth(Urgency.LIFE, frozenset({C.FIRE, C.INJURY}), None, False)


def test_an_empty_place_says_that_none_is_told_and_no_column_that_it_is_not_known() -> None:
    told = read("文,緊急度,種類,場所\n電池が死んだ,0,その他,\n")[0][0].truth
    assert (told.place, told.place_known) == (None, True)
    silent = read("文,緊急度,種類\n電池が死んだ,0,その他\n")[0][0].truth
    assert (silent.place, silent.place_known) == (None, False)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",2,火事,", "2行目：文がありません。"),
        ("火事です,5,火事,", "2行目：緊急度「5」がわかりません。3（命の危険）"),
        ("火事です,,火事,", "2行目：緊急度「」がわかりません。"),
        ("火事です,3,火災,", "2行目：種類「火災」がわかりません。使える種類は 救助・孤立"),
        ("火事です,3,,", "2行目：種類がありません。"),
        ("火事です,3,火事,どこか", "2行目：場所「どこか」が、この町の地名の一覧に見つかりません。"),
        ("火事です", "2行目：緊急度「」がわかりません。"),
        ("あ" * 5001 + ",3,火事,", "2行目：文が長すぎます。5000文字まで"),
    ],
)
def test_a_bad_row_says_what_to_do_and_the_others_count(row: str, why: str) -> None:
    rows, wrong = read(f"文,緊急度,種類,場所\n{row}\n\n停電です,2,電気・水道・ガス・電話,\n")
    assert [r.line for r in rows] == [4]
    assert len(wrong) == 1
    assert wrong[0].startswith(why)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "「文」「緊急度」「種類」の列がありません"),
        ("文,種類\n火事です,火事\n", "「緊急度」の列がありません"),
    ],
)
def test_a_sheet_without_its_columns_is_refused(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(text)


def test_no_more_than_a_thousand_rows_are_read() -> None:
    rows, wrong = read("文,緊急度,種類\n" + "停電です,2,電気・水道・ガス・電話\n" * 1002)
    assert len(rows) == sheets.MOST_ROWS
    assert wrong == ["1002行目から後は読んでいません。1回に1000件までです。"]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(first: str) -> None:
    cell = f"{first}HYPERLINK(1)"
    assert sheets.inert(cell) == f"'{cell}"
    data = sheets.as_csv([["番号", cell]]).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(data, newline="")))[1] == f"'{cell}"


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [sheets.inert(c) for c in ("", "3-1", "a=b", "命の危険")] == [
        "",
        "3-1",
        "a=b",
        "命の危険",
    ]


def test_the_example_can_be_handed_in() -> None:
    rows, wrong = sheets.read(sheets.example_sheet(), find)
    assert (len(rows), wrong) == (4, [])


def test_the_result_tells_figures_and_wrong_readings() -> None:
    said = Said(Urgency.RECORD, frozenset({C.ROAD}), None, False)
    bad = Example("3行目", "=1+1", said, Truth(Urgency.LIFE, frozenset({C.FIRE})))
    good = Example("4行目", "道", said, Truth(Urgency.RECORD, frozenset({C.ROAD})))
    examples = [bad, *[good] * 39]
    data = sheets.result_sheet(score(examples, np.random.default_rng(1)), [bad])
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert ["緊急度が合っていたもの", "0.975", "0.871", "0.996", "39", "40"] in table
    assert [
        "命の危険のうち、機械も命の危険としたもの",
        "件数が少なく、言えません",
        *["", ""],
        "0",
        "1",
    ] in table
    assert table[-1] == [
        "3行目",
        "'=1+1",
        "命の危険",
        "記録",
        "火事",
        "道路・交通",
        "確かめていない",
    ]
