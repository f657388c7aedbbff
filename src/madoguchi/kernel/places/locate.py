"""``madoguchi locate``: a table with addresses gets prefecture to radius beside it."""

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from madoguchi.kernel.places import api, source
from madoguchi.kernel.places.data import Accuracy, AddressMatch
from madoguchi.kernel.towns.pack import UnknownTown

DONE, UNREADABLE, USAGE = 0, 1, 2
COLUMNS = ("都道府県", "市区町村", "町字", "番地", "緯度", "経度", "精度", "半径m")
ACCURACY_JA = {
    Accuracy.PIN: "番地",
    Accuracy.ADDRESS: "番地",
    Accuracy.BLOCK: "町丁目",
    Accuracy.DISTRICT: "大字",
    Accuracy.FACILITY: "施設",
    Accuracy.TOWN: "市区町村",
    Accuracy.NONE: "なし",
}
_MOST_NOTES = 20
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# What Python's cp932 makes of bytes that Shift_JIS does not define.
_UNDEFINED = frozenset("\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3")


class Unreadable(Exception):
    """The file cannot be read as a table; the message says what to do."""


def run(in_path: str, column: str, town: str | None, out: TextIO, err: TextIO) -> int:
    """Write the table at ``in_path`` with eight more columns to ``out``; messages go to ``err``.

    The table is a CSV in UTF-8 (with or without BOM) or Shift_JIS (cp932). A column of the input
    with one of the eight names is replaced where it stands. ``town``: name or code of the
    municipality that addresses without one belong to. Returns 0 done, also when rows could not
    be located; 1 file unreadable; 2 unknown column or town.
    """
    try:
        code = source.code_of(town) if town else None
    except UnknownTown as problem:
        err.write(f"{problem}\n")
        return USAGE
    try:
        text = decode(Path(in_path).read_bytes())
    except OSError:
        err.write(f"ファイルを開けません：{in_path}　場所と、読む権限を確かめてください。\n")
        return UNREADABLE
    except Unreadable as problem:
        err.write(f"{problem}\n")
        return UNREADABLE
    try:
        rows = _rows(text)
    except csv.Error:
        err.write("CSVとして読めません。CSV形式で保存し直してください。\n")
        return UNREADABLE
    header = rows[0] if rows else []
    wanted = _position(header, column)
    if wanted is None:
        names = "、".join(header[:20]) or "(列がありません)"
        err.write(f"列「{column}」がありません。ファイルにある列: {names}\n")
        return USAGE
    _write(rows, wanted, code, out, err)
    return DONE


def decode(data: bytes) -> str:
    """UTF-8 with or without BOM, else cp932. Raises ``Unreadable``."""
    if data.startswith(_EXCEL):
        raise Unreadable("Excelのファイルです。CSV(UTF-8)で保存し直してください。")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not (encoding == "cp932" and _UNDEFINED.intersection(text)):
            return text
    raise Unreadable("文字コードがわかりません。UTF-8 か Shift_JIS の CSV で保存し直してください。")


def _rows(text: str) -> list[list[str]]:
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    finally:
        csv.field_size_limit(before)


def _position(header: Sequence[str], column: str) -> int | None:
    if column in header:
        return list(header).index(column)
    bare = [name.strip() for name in header]
    return bare.index(column.strip()) if column.strip() in bare else None


def _write(rows: list[list[str]], wanted: int, code: str | None, out: TextIO, err: TextIO) -> None:
    names = api.gazetteer_for(code or api.TOKYO)
    header = rows[0]
    places = [header.index(c) if c in header else None for c in COLUMNS]
    added = [c for c, at in zip(COLUMNS, places, strict=True) if at is None]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header + added)
    missing: list[int] = []
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            out.write("\n")
            continue
        cells = row[: len(header)] + [""] * (len(header) - len(row))
        match = api.locate(names, cells[wanted], code)
        if match.place.accuracy is Accuracy.NONE:
            missing.append(number)
        extra: list[str] = []
        for at, value in zip(places, values(match), strict=True):
            if at is None:
                extra.append(value)
            else:
                cells[at] = value
        writer.writerow(cells + extra + row[len(header) :])
    _report(sum(1 for row in rows[1:] if row), missing, err)


def values(match: AddressMatch) -> tuple[str, ...]:
    """The eight cells of a match, in the order of ``COLUMNS``."""
    place = match.place
    known = place.point is not None
    return (
        match.prefecture,
        match.municipality,
        match.town_area,
        match.number,
        f"{place.point.lat:.6f}" if place.point else "",
        f"{place.point.lon:.6f}" if place.point else "",
        ACCURACY_JA[place.accuracy],
        str(place.radius_m) if known else "",
    )


def _report(count: int, missing: list[int], err: TextIO) -> None:
    for number in missing[:_MOST_NOTES]:
        err.write(f"{number}行目: 住所を読み取れませんでした。\n")
    if len(missing) > _MOST_NOTES:
        err.write(f"ほか{len(missing) - _MOST_NOTES}行も読み取れませんでした。\n")
    err.write(f"{count}行のうち{count - len(missing)}行の場所がわかりました。\n")
