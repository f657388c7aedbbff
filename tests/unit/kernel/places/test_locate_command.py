"""The table in, the table out."""

import csv
import io
from pathlib import Path

import pytest

from madoguchi.kernel.places.locate import COLUMNS, run


def call(
    tmp_path: Path, data: bytes, column: str = "住所", town: str | None = None
) -> tuple[int, str, str]:
    file = tmp_path / "in.csv"
    file.write_bytes(data)
    out, err = io.StringIO(), io.StringIO()
    code = run(str(file), column, town, out, err)
    return code, out.getvalue(), err.getvalue()


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_columns_are_added_behind_those_of_the_input(tmp_path: Path) -> None:
    code, out, err = call(tmp_path, "id,住所\n1,東京都調布市布田5-1-2\n".encode())
    assert code == 0
    assert out.splitlines()[0] == "id,住所," + ",".join(COLUMNS)
    (row,) = table(out)
    assert [row[c] for c in COLUMNS[:4]] == ["東京都", "調布市", "布田五丁目", "1-2"]
    assert (row["精度"], row["半径m"].isdigit()) == ("番地", True)
    assert (float(row["緯度"]), float(row["経度"])) == (35.645693, 139.543306)
    assert err == "1行のうち1行の場所がわかりました。\n"


def test_a_column_of_the_same_name_is_replaced_where_it_stands(tmp_path: Path) -> None:
    _, out, _ = call(tmp_path, "番地,住所,x\nold,東京都調布市布田5-1-2,y\n".encode())
    assert out.splitlines()[0] == "番地,住所,x,都道府県,市区町村,町字,緯度,経度,精度,半径m"
    assert out.splitlines()[1].startswith("1-2,東京都調布市布田5-1-2,y,東京都,調布市,")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    data = "住所\r\n東京都調布市布田五丁目\r\n".encode(encoding)
    code, out, _ = call(tmp_path, data)
    assert code == 0
    assert not out.startswith("\ufeff")
    assert table(out)[0]["町字"] == "布田五丁目"


@pytest.mark.parametrize(
    ("address", "accuracy"),
    [
        ("東京都調布市布田5-1-2", "番地"),
        ("東京都調布市布田5", "町丁目"),
        ("東京都調布市布田", "大字"),
        ("調布市役所", "施設"),
        ("東京都調布市", "市区町村"),
        ("大阪府大阪市北区1-1", "なし"),
        ("", "なし"),
    ],
)
def test_accuracy_in_words(tmp_path: Path, address: str, accuracy: str) -> None:
    _, out, _ = call(tmp_path, f"住所,x\n{address},1\n".encode())
    assert table(out)[0]["精度"] == accuracy


def test_nothing_is_filled_in_outside(tmp_path: Path) -> None:
    code, out, err = call(tmp_path, "住所\n大阪府大阪市北区1-1\n".encode())
    (row,) = table(out)
    assert code == 0
    assert [row[c] for c in COLUMNS] == ["", "", "", "", "", "", "なし", ""]
    assert "2行目" in err


def test_the_town_completes_an_address(tmp_path: Path) -> None:
    data = "住所\n本町1-2\n".encode()
    assert table(call(tmp_path, data)[1])[0]["市区町村"] == ""
    for town in ("府中市", "13206", "東京都府中市"):
        code, out, _ = call(tmp_path, data, town=town)
        assert code == 0
        assert table(out)[0]["町字"] == "本町一丁目"


def test_the_town_may_lie_in_another_prefecture(tmp_path: Path) -> None:
    _, out, _ = call(tmp_path, "住所\n千僧1-1\n".encode(), town="伊丹市")
    assert table(out)[0]["都道府県"] == "兵庫県"


@pytest.mark.parametrize(("column", "town"), [("所在地", None), ("住所", "存在しない市")])
def test_usage(tmp_path: Path, column: str, town: str | None) -> None:
    code, out, err = call(tmp_path, "住所\n調布市\n".encode(), column, town)
    assert (code, out) == (2, "")
    assert err


def test_an_empty_file_has_no_columns(tmp_path: Path) -> None:
    assert call(tmp_path, b"")[0] == 2


@pytest.mark.parametrize("data", [b"\xff\xfea\x00", b"\x80\x81\xff\xfd"])
def test_unreadable_bytes(tmp_path: Path, data: bytes) -> None:
    code, out, err = call(tmp_path, data)
    assert (code, out) == (1, "")
    assert "UTF-8" in err


def test_a_workbook_is_not_a_table_of_text(tmp_path: Path) -> None:
    code, _, err = call(tmp_path, b"PK\x03\x04rest")
    assert code == 1
    assert "Excel" in err


def test_a_missing_file(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run(str(tmp_path / "none.csv"), "住所", None, out, err) == 1
    assert "none.csv" in err.getvalue()


def test_broken_rows_keep_their_place(tmp_path: Path) -> None:
    rows = [
        'a,"東京都調布市\n布田5-1-2",c',
        "a",
        "",
        "a,東京都調布市布田5丁目,c,d,e",
        "a,\x00東京都,c",
        "a," + "あ" * 100_000 + ",c",
        'a,"=cmd|1",c',
    ]
    code, out, _ = call(tmp_path, ("id,住所,x\n" + "\n".join(rows) + "\n").encode())
    assert code == 0
    written = list(csv.reader(io.StringIO(out, newline="")))[1:]
    assert len(written) == len(rows)
    assert [len(row) for row in written] == [11, 11, 0, 13, 11, 11, 11]
    assert written[0][1] == "東京都調布市\n布田5-1-2"
    assert written[0][5] == "布田五丁目"
    assert written[3][-2:] == ["d", "e"]
    assert written[6][1] == "=cmd|1"
