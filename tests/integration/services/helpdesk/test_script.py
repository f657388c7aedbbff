"""The counter script on the screen and on paper."""

import subprocess
from pathlib import Path
from typing import Any

from django.test import Client

from madoguchi.services.helpdesk.script import PARTS


def test_each_step_stands_on_the_screen_and_on_paper(
    desk: Client, resident: Any, town: Any, tmp_path: Path
) -> None:
    town.settings |= {"line_id": "@123abcde", "web_address": "https://madoguchi.example.jp"}
    town.save()
    html = desk.get("/staff/helpdesk/script/").content.decode()
    path = tmp_path / "script.pdf"
    path.write_bytes(desk.get("/staff/helpdesk/script.pdf").content)
    said = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    paper = "".join(said.stdout.decode().split())
    for part in PARTS:
        for text in (part.title, part.goal, *part.steps):
            assert text in html
            assert "".join(text.split()) in paper
    assert html.count("data:image/svg+xml") == 2
    assert "https://madoguchi.example.jp/line/?from=counter" in html


def test_without_a_line_account_staff_is_told(desk: Client, resident: Any) -> None:
    html = desk.get("/staff/helpdesk/script/").content.decode()
    assert "LINEのIDが設定されていない" in html
    assert html.count("data:image/svg+xml") == 1
