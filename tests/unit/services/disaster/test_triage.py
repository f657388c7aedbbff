"""The batch command: one line out for each line in, whatever the line holds."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.services.disaster import triage

KEYS = [
    "id",
    "categories",
    "urgency",
    "place_text",
    "place_kind",
    "lat",
    "lon",
    "radius_m",
    "ask_back",
    "group",
    "doubtful",
    "reasons",
]


def line(number: int, text: str, **other: object) -> dict[str, object]:
    fixed = {"id": f"m{number}", "town": "調布市", "channel": "line"}
    return {**fixed, "sent_at": f"2026-07-01T10:{number:02d}:00+09:00", "text": text, **other}


def run(path: Path, content: bytes) -> tuple[int, list[dict[str, Any]], str]:
    path.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    code = triage.run(str(path), out, err)
    return code, [json.loads(row) for row in out.getvalue().splitlines()], err.getvalue()


def as_lines(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_each_encoding_gives_the_same_rows(tmp_path: Path, encoding: str) -> None:
    text = as_lines(line(1, "国領町3丁目で冠水"), line(2, "国領町三丁目、道路が水没"))
    code, rows, err = run(tmp_path / "in.jsonl", text.encode(encoding))
    assert (code, err) == (0, "")
    assert [list(row) for row in rows] == [KEYS, KEYS]
    assert rows[0]["group"] == rows[1]["group"] is not None
    assert (rows[0]["place_text"], rows[0]["place_kind"]) == ("国領町3丁目", "chome")


def test_order_is_kept_though_the_stream_runs_in_time(tmp_path: Path) -> None:
    text = as_lines(line(9, "国領町3丁目で冠水"), line(1, "国領町三丁目、道路が水没"))
    _, rows, _ = run(tmp_path / "in.jsonl", text.encode())
    assert [row["id"] for row in rows] == ["m9", "m1"]


def test_a_broken_line_says_so_in_its_place(tmp_path: Path) -> None:
    rows_in = [
        as_lines(line(1, "冠水")),
        "{broken\n",
        "[1]\n",
        as_lines(line(2, "冠水", town="どこか町")),
        as_lines(line(3, "冠水", channel="fax")),
        as_lines(line(4, "冠水", sent_at="きのう")),
        as_lines({"id": "m5"}),
    ]
    code, rows, err = run(tmp_path / "in.jsonl", "".join(rows_in).encode())
    assert code == 0
    assert [row.get("id") for row in rows] == ["m1", None, None, "m2", "m3", "m4", "m5"]
    assert ["error" in row for row in rows] == [False] + [True] * 6
    assert "7件のうち6件" in err


def test_two_messages_of_one_id_are_both_answered(tmp_path: Path) -> None:
    text = as_lines(line(1, "国領町3丁目で冠水"), line(1, "布田5丁目で停電"))
    _, rows, _ = run(tmp_path / "in.jsonl", text.encode())
    assert [row["categories"] for row in rows] == [["flood"], ["lifeline"]]


def test_a_file_that_cannot_be_read_is_1(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert triage.run(str(tmp_path / "none.jsonl"), out, err) == 1
    assert (out.getvalue(), "読めません" in err.getvalue()) == ("", True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_whatever_is_said_is_answered_and_the_place_is_part_of_it(texts: list[str]) -> None:
    import tempfile

    rows_in = [line(n, text) for n, text in enumerate(texts)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.jsonl"
        _, rows, _ = run(path, as_lines(*rows_in).encode("utf-8", "surrogatepass"))
    assert len(rows) == len(texts)
    for row, text in zip(rows, texts, strict=True):
        assert row["place_text"] is None or row["place_text"] in text
        assert (row["lat"] is None) == (row["radius_m"] is None)
