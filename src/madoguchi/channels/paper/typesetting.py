"""From data to PDF by typst.

What people wrote is never part of a typst source: it travels as JSON through ``sys.inputs`` and is
set as text. PDFs follow PDF/UA-1: tagged, with a title and a language, pictures with a text.
"""

import json
from pathlib import Path
from typing import Any

import madoguchi
from madoguchi.kernel.clock import api as clock

HERE = Path(__file__).resolve().parent / "typst"
_PACKAGE = Path(madoguchi.__file__).resolve().parent
FONT_FOLDERS = (_PACKAGE / "fonts", _PACKAGE.parent.parent / "build" / "fonts")
TEMPLATES = ("list", "letter", "poster", "leaflet")


class NoPaper(Exception):
    """PDFs cannot be made here; the text is Japanese and says what the operator does."""


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """Set ``data`` by a template of ``TEMPLATES``.

    ``data`` holds JSON values, among them ``title``, ``town``, ``drill``, ``foot`` and ``printed``.
    Raises ``NoPaper`` where typst or its font is not installed.
    """
    if template not in TEMPLATES:
        raise ValueError(f"no such template: {template}")
    try:
        import typst
    except ImportError as missing:
        raise NoPaper(
            "PDFを作る部品（typst）が入っていません。システムの担当者に、"
            "madoguchi[paper] を入れるよう頼んでください。"
        ) from missing
    made: bytes = typst.compile(
        str(HERE / f"{template}.typ"),
        root=str(HERE),
        font_paths=[str(_fonts())],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=clock.now().replace(microsecond=0),
    )
    return made


def _fonts() -> Path:
    for folder in FONT_FOLDERS:
        if any(folder.glob("*.ttf")):
            return folder
    raise NoPaper(
        "PDFの文字（フォント）がありません。システムの担当者に、make assets を実行するよう"
        "頼んでください。"
    )
