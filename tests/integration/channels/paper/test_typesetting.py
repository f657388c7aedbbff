"""PDFs as poppler reads them: title, tags, 訓練 on each page, and texts that stay texts."""

import re
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from madoguchi.channels.paper import printing, typesetting
from madoguchi.channels.paper.data import Column, Group, Listing
from madoguchi.kernel.towns.models import Town

WHERE = printing.Where("https://madoguchi.example.jp/", True)
META = "#$\\[]{}*_`@<>/=+-~'\"&;:()!|^%"


def read(made: bytes, folder: Path) -> str:
    """The words of a PDF without spaces and line breaks."""
    path = folder / "print.pdf"
    path.write_bytes(made)
    said = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return squeezed(said.stdout.decode())


def info(made: bytes, folder: Path) -> dict[str, str]:
    """What the PDF says of itself."""
    path = folder / "print.pdf"
    path.write_bytes(made)
    said = subprocess.run(["pdfinfo", path], capture_output=True, check=True, text=True).stdout
    return dict(re.findall(r"^(\S[^:]*):\s+(.*)$", said, re.M))


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def of(cell: str) -> Listing:
    return Listing(cell, cell, (Column("件名"),), (Group(cell, ((cell,),)),))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.sampled_from(META + "ab1水火"), min_size=1, max_size=40))
@example('#import "/etc/passwd": *')
@example('#read("/etc/passwd")')
@example("#panic() $x$ *太字* _斜体_ `生` <札> @参照 // 注 /* 注 */")
@example("= 見出し\n- 項目\n+ 番号\n\\ 改行 \\u{1F600}")
@example('"}); #quit(')
def test_what_people_write_is_set_as_it_is(town: Town, tmp_path: Path, words: str) -> None:
    """In title, note, heading and cell; nothing is run, nothing is lost."""
    said = read(printing.listing(of(f"始{words}終")), tmp_path)
    assert said.count(squeezed(f"始{words}終")) >= 4


def prints(town: Town) -> dict[str, bytes]:
    return {
        "list": printing.listing(of("案件")),
        "poster": printing.poster(WHERE, paper="a4", source="poster-a"),
        "leaflet": printing.leaflet(WHERE),
        "steps": printing.steps("進め方", "順に", [{"title": "一", "lines": ["x"], "code": None}]),
    }


def test_prints_have_title_tags_town_and_telephones(town: Town, tmp_path: Path) -> None:
    town.contact_phone = "042-000-1111"
    town.settings["help_phone"] = "042-000-2222"
    town.save()
    for name, made in prints(town).items():
        about = info(made, tmp_path)
        assert about["Tagged"] == "yes"
        assert about["Title"]
        assert about["Author"] == "調布市"
        assert b"(ja" in made or b"ja-JP" in made or b"/Lang" in made
        said = read(made, tmp_path)
        assert "042-000-1111" in said
        if name != "list":
            assert "042-000-2222" in said
            assert "119" in said
        assert "訓練" not in said


@pytest.mark.parametrize(
    ("paper", "size"), [("a4", "595.276 x 841.89"), ("a3", "841.89 x 1190.55")]
)
def test_the_poster_has_its_size_and_its_codes(
    town: Town, tmp_path: Path, paper: str, size: str
) -> None:
    made = printing.poster(WHERE, paper=paper, source="poster-a")
    about = info(made, tmp_path)
    assert about["Pages"] == "1"
    assert about["Page size"].startswith(size)
    assert "madoguchi.example.jp/line/" in read(made, tmp_path)


def test_without_a_line_account_no_code_leads_there(town: Town, tmp_path: Path) -> None:
    where = printing.Where("https://madoguchi.example.jp/", False)
    assert "LINE" not in read(printing.poster(where, paper="a4", source="poster"), tmp_path)


def test_in_a_drill_each_page_says_so(town: Town, tmp_path: Path) -> None:
    town.settings["drill"] = True
    town.save()
    long = Listing("一覧", "", (Column("件名"),), (Group("地区", (("案件",),) * 200),))
    for made in [*prints(town).values(), printing.listing(long)]:
        (tmp_path / "print.pdf").write_bytes(made)
        pages = int(info(made, tmp_path)["Pages"])
        for page in range(1, pages + 1):
            one = subprocess.run(
                ["pdftotext", "-f", str(page), "-l", str(page), tmp_path / "print.pdf", "-"],
                capture_output=True,
                check=True,
            )
            assert "これは訓練です" in squeezed(one.stdout.decode())
    assert pages > 3


def test_without_the_part_that_sets_it_staff_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting, "FONT_FOLDERS", ())
    with pytest.raises(typesetting.NoPaper, match="make assets"):
        printing.leaflet(WHERE)


def test_an_unknown_template_is_refused() -> None:
    data: dict[str, Any] = {}
    with pytest.raises(ValueError, match="template"):
        typesetting.pdf("../../etc", data)
