"""population.csv from the monthly workbook of 調布市."""

import re
import unicodedata
from datetime import date
from pathlib import Path

import openpyxl

COLUMNS = ["town_area", "male", "female", "total", "as_of"]
KANJI = "〇一二三四五六七八九十"
REIWA = 2018


def latest(path: Path, known: set[str]) -> tuple[list[list[object]], date]:
    """Rows of the last sheet whose block is ``known`` (names folded by ヶ/ケ), and its date."""
    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[-1]
    title = re.match(r"R(\d+)\.(\d+)\.(\d+)", unicodedata.normalize("NFKC", sheet.title))
    if not title:
        raise ValueError(f"{path.name}: the last sheet is not named R<year>.<month>.<day>")
    year, month, day = (int(n) for n in title.groups())
    as_of = date(REIWA + year, month, day)
    by_fold = {name.replace("ヶ", "ケ"): name for name in known}
    rows: list[list[object]] = []
    for cells in sheet.iter_rows(values_only=True):
        name = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(cells[0] or "")))
        name = re.sub(r"(\d+)丁目", lambda m: KANJI[int(m[1])] + "丁目", name).replace("ヶ", "ケ")
        counts = [c for c in cells[1:] if isinstance(c, int)]
        if name in by_fold and len(counts) >= 3:
            rows.append([by_fold[name], *counts[:3], as_of.isoformat()])
    return rows, as_of
