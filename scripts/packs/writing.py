"""Writing files that are the same bytes for the same data."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """UTF-8, LF; the number of rows written."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(out.getvalue(), encoding="utf-8", newline="\n")
    return count


def write_json(path: Path, value: Any, compact: bool = False) -> None:
    shape: dict[str, Any] = {"separators": (",", ":")} if compact else {"indent": 1}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, ensure_ascii=False, **shape) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
