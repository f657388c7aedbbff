"""CSV of drill messages: what a town hands in, and the figures that it takes away."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from madoguchi.kernel.places.data import Place
from madoguchi.kernel.places.locate import Unreadable, decode
from madoguchi.services.disaster.data import Category, Urgency
from madoguchi.services.disaster.engine.scoring import Example, Figure, Scores, Truth
from madoguchi.services.disaster.words import CATEGORY_NAMES, URGENCY_NAMES

MOST_ROWS = 1000
LONGEST = 5000
COLUMNS = {
    "text": ("文", "text"),
    "urgency": ("緊急度", "urgency"),
    "categories": ("種類", "categories"),
    "place": ("場所", "place"),
}
UNKNOWN = ("不明", "unknown")
"""In the column of the place: not to be measured."""
FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r]")

_URGENCIES = {name: level for level, name in URGENCY_NAMES.items()}
_CATEGORIES = {name: c for c, name in CATEGORY_NAMES.items()} | {c.value: c for c in Category}
_BETWEEN = re.compile(r"[、,，;；/／\s]+")

FindPlace = Callable[[str], Place | None]


@dataclass(frozen=True, slots=True)
class DrillRow:
    """One message of a sheet with what is right of it; ``line`` as a spreadsheet counts."""

    line: int
    text: str
    truth: Truth


class BadRow(ValueError):
    """A row that cannot be used; the text says why and what to do, in Japanese."""


def read(data: bytes, find: FindPlace) -> tuple[list[DrillRow], list[str]]:
    """The usable rows of a CSV (UTF-8 or Shift_JIS) and what is wrong with the others.

    ``find`` looks a place up in the town. Raises ``Unreadable`` when the file cannot be used.
    """
    try:
        table = list(csv.reader(io.StringIO(decode(data), newline="")))
    except csv.Error as error:
        raise Unreadable(
            "CSVとして読めません。表計算ソフトでCSVに保存し直してください。"
        ) from error
    places = _places(table[0] if table else [])
    rows: list[DrillRow] = []
    wrong: list[str] = []
    for line, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) + len(wrong) == MOST_ROWS:
            wrong.append(f"{line}行目から後は読んでいません。1回に{MOST_ROWS}件までです。")
            break
        told = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
        try:
            rows.append(DrillRow(line, told["text"], truth_of(told, find)))
        except BadRow as why:
            wrong.append(f"{line}行目：{why}")
    return rows, wrong


def truth_of(told: dict[str, str], find: FindPlace) -> Truth:
    """What a row says is right. Raises ``BadRow``."""
    if not told["text"]:
        raise BadRow("文がありません。")
    if len(told["text"]) > LONGEST:
        raise BadRow(f"文が長すぎます。{LONGEST}文字までにしてください。")
    where = told.get("place", "")
    known = "place" in told and where not in UNKNOWN
    place = place_of(where, find) if known and where else None
    return Truth(_urgency(told["urgency"]), _categories(told["categories"]), place, known)


def place_of(where: str, find: FindPlace) -> Place:
    """The place that words name in the town. Raises ``BadRow``."""
    place = find(where)
    if place is None:
        raise BadRow(
            f"場所「{where[:40]}」が、この町の地名の一覧に見つかりません。"
            "町丁目か施設の名前にするか、「不明」と書いてください。"
        )
    return place


def _places(header: Sequence[str]) -> dict[str, int]:
    """Where each column stands; the place may be left out."""
    bare = [cell.strip().lower() for cell in header]
    found = {
        name: next((bare.index(word) for word in words if word in bare), -1)
        for name, words in COLUMNS.items()
    }
    missing = [COLUMNS[n][0] for n, at in found.items() if at < 0 and n != "place"]
    if missing:
        raise Unreadable(
            f"1行目に「{'」「'.join(missing)}」の列がありません。"
            "1行目は「文,緊急度,種類,場所」にしてください。"
        )
    return {name: at for name, at in found.items() if at >= 0}


def _urgency(word: str) -> Urgency:
    word = unicodedata.normalize("NFKC", word)
    if word in _URGENCIES:
        return Urgency(_URGENCIES[word])
    if word in ("0", "1", "2", "3"):
        return Urgency(int(word))
    names = "、".join(f"{level}（{name}）" for level, name in URGENCY_NAMES.items())
    raise BadRow(f"緊急度「{word[:20]}」がわかりません。{names} のどれかにしてください。")


def _categories(words: str) -> frozenset[Category]:
    found = set()
    for word in _BETWEEN.split(words):
        if not word:
            continue
        if word not in _CATEGORIES:
            names = "、".join(CATEGORY_NAMES.values())
            raise BadRow(f"種類「{word[:20]}」がわかりません。使える種類は {names} です。")
        found.add(_CATEGORIES[word])
    if not found:
        raise BadRow("種類がありません。1つ以上書いてください。2つ以上は「、」で区切ります。")
    return frozenset(found)


def example_sheet() -> bytes:
    """A sheet to start from."""
    rows = (
        [words[0] for words in COLUMNS.values()],
        ["家の前の道路が冠水して通れません", "2", "浸水・水害、道路・交通", ""],
        ["祖母が二階に取り残されています", "3", "救助・孤立、浸水・水害", "不明"],
        ["避難所の犬の受け入れはどこですか", "1", "避難所、質問", ""],
        ["電池が死んだ", "0", "その他", ""],
    )
    return as_csv(rows)


def result_sheet(scores: Scores, wrong: Iterable[Example]) -> bytes:
    """The figures, and below them the messages that were read wrongly."""
    return as_csv((*_figures(scores), [], *_wrong(wrong)))


FIGURE_NAMES = {
    "life_found": "命の危険のうち、機械も命の危険としたもの",
    "life_meant": "機械が命の危険としたもののうち、本当にそうだったもの",
    "urgency": "緊急度が合っていたもの",
    "macro_f1": "種類の読み取り（マクロF1）",
    "place_kept": "場所がわかるもののうち、合っていたか、聞き返したもの",
    "place_wrong": "聞き返さずに、ちがう場所を示したもの",
}


def figures(scores: Scores) -> list[tuple[str, Figure]]:
    """The figures of the scores with their names, the most important first."""
    return [(words, getattr(scores, name)) for name, words in FIGURE_NAMES.items()]


def _figures(scores: Scores) -> Iterator[list[str]]:
    yield ["項目", "値", "95%区間の下", "95%区間の上", "当てはまった数", "数えた数"]
    for words, figure in figures(scores):
        hits = "" if figure.hits is None else str(figure.hits)
        if figure.enough:
            numbers = [f"{x:.3f}" for x in (figure.value, figure.low, figure.high)]
        else:
            numbers = ["件数が少なく、言えません", "", ""]
        yield [words, *numbers, hits, str(figure.count)]


def _wrong(examples: Iterable[Example]) -> Iterator[list[str]]:
    yield ["番号", "文", "正しい緊急度", "機械の緊急度", "正しい種類", "機械の種類", "場所"]
    for e in examples:
        yield [
            e.name,
            e.text,
            URGENCY_NAMES[e.truth.urgency],
            URGENCY_NAMES[e.said.urgency],
            names_of(e.truth.categories),
            names_of(e.said.categories),
            PLACED_NAMES[e.placed.value],
        ]


PLACED_NAMES = {
    "right": "合っていた",
    "asked": "聞き返した",
    "wrong": "ちがう場所を示した",
    "invented": "書かれていない場所を示した",
    "missed": "場所を見落とした",
    "nothing": "場所の話がない",
    "unknown": "確かめていない",
}


def names_of(categories: Iterable[Category]) -> str:
    """Category names in the order of the label guide."""
    told = set(categories)
    return "、".join(CATEGORY_NAMES[c] for c in Category if c in told)


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a CSV that spreadsheets open rightly: BOM, CRLF, no cell that is a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[inert(c) for c in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if FORMULA.match(cell) else cell
