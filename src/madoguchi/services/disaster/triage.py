"""``madoguchi triage``: a file of messages, read as one stream. No database, no network."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from madoguchi.kernel.places import api as places
from madoguchi.kernel.places.locate import Unreadable, decode
from madoguchi.kernel.towns import pack
from madoguchi.services.disaster import trained
from madoguchi.services.disaster.data import Grouped, Message, Source
from madoguchi.services.disaster.engine.stream import Stream

DONE, UNREADABLE = 0, 1
SOURCES = {source.value: source for source in Source}


@dataclass(frozen=True, slots=True)
class _Line:
    """One input line: a message, or why it is none."""

    id: object
    message: Message | None
    error: str = ""


def run(in_path: str, out: TextIO, err: TextIO) -> int:
    """Read JSON lines from ``in_path`` and write one JSON line for each, in the same order.

    A line that is no message gives ``{"id", "error"}`` in its place. Returns the exit code: 0 done,
    1 when the file cannot be read. Empty lines are passed over.
    """
    try:
        text = decode(Path(in_path).read_bytes())
    except (OSError, Unreadable) as error:
        why = str(error) if isinstance(error, Unreadable) else "開けません。"
        print(f"ファイルを読めません：{Path(in_path).name}　{why}", file=err)
        return UNREADABLE
    lines = [_line(n, raw) for n, raw in enumerate(_rows(text))]
    read = _read([line.message for line in lines if line.message is not None])
    failed = 0
    for line in lines:
        if line.message is None:
            failed += 1
            row: dict[str, Any] = {"id": line.id, "error": line.error}
        else:
            row = {"id": line.id, **_result(read[line.message.id])}
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
    if failed:
        print(f"{len(lines)}件のうち{failed}件は読めませんでした（errorの行）。", file=err)
    return DONE


def _rows(text: str) -> Iterator[str]:
    """Lines by newline alone: a text may hold other line separators."""
    for row in text.split("\n"):
        if row.strip():
            yield row


def _line(number: int, raw: str) -> _Line:
    """One line; ``number`` gives the stream ids that differ, whatever the file calls a message."""
    try:
        row = json.loads(raw)
    except (ValueError, RecursionError):
        return _Line(None, None, "JSONとして読めません。")
    if not isinstance(row, dict):
        return _Line(None, None, "JSONのオブジェクトではありません。")
    given = row.get("id")
    try:
        return _Line(given, _message(f"{number:09d}", row))
    except _NoMessage as why:
        return _Line(given, None, str(why))


class _NoMessage(ValueError):
    """The row is no message; the text says why, in Japanese."""


def _message(number: str, row: dict[str, Any]) -> Message:
    if not isinstance(row.get("text"), str):
        raise _NoMessage("textがありません。")
    source = SOURCES.get(str(row.get("channel")))
    if source is None:
        raise _NoMessage("channelは line、sns、phone、web のどれかにしてください。")
    try:
        town = _code(str(row.get("town")))
    except pack.UnknownTown as error:
        raise _NoMessage("townの市区町村がわかりません。") from error
    try:
        sent_at = datetime.fromisoformat(str(row.get("sent_at")))
    except ValueError as error:
        raise _NoMessage("sent_atはISO 8601の日時にしてください。") from error
    if sent_at.tzinfo is None:
        raise _NoMessage("sent_atに時差（+09:00など）を付けてください。")
    return Message(number, town, source, sent_at, row["text"])


def _code(town: str) -> str:
    return pack.load(town).code if town.isdigit() else pack.by_name(town).code


def _read(messages: list[Message]) -> dict[str, Grouped]:
    """The messages of all towns in one stream; Itami's names are not Tokyo's."""
    return Stream(places.gazetteer(), trained.model()).run(messages) if messages else {}


def _result(item: Grouped) -> dict[str, Any]:
    reading, place = item.reading, item.reading.place
    reasons = [reason.text for reason in (*reading.reasons, *item.reasons)]
    return {
        "categories": [category.value for category in reading.categories],
        "urgency": int(reading.urgency),
        "place_text": reading.place_text,
        "place_kind": reading.place_kind.value,
        "lat": place.point.lat if place.point else None,
        "lon": place.point.lon if place.point else None,
        "radius_m": place.radius_m if place.point else None,
        "ask_back": reading.ask_back,
        "group": f"g{item.group}" if item.group else None,
        "doubtful": reading.doubtful,
        "reasons": reasons,
    }
