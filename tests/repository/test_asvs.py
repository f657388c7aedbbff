"""The list of OWASP ASVS 5.0.0: every number of levels 1 and 2 once, every proof really there."""

import re
from pathlib import Path

LAST = {
    # Section: how many requirements it has, and which of them are of level 3 alone.
    "1.1": (2, ()),
    "1.2": (10, (10,)),
    "1.3": (12, (12,)),
    "1.4": (3, ()),
    "1.5": (3, (3,)),
    "2.1": (3, ()),
    "2.2": (3, ()),
    "2.3": (5, (5,)),
    "2.4": (2, (2,)),
    "3.1": (1, (1,)),
    "3.2": (3, (3,)),
    "3.3": (5, (5,)),
    "3.4": (8, (7, 8)),
    "3.5": (8, (6, 7, 8)),
    "3.6": (1, (1,)),
    "3.7": (5, (3, 4, 5)),
    "4.1": (5, (4, 5)),
    "4.2": (5, (2, 3, 4, 5)),
    "4.3": (2, ()),
    "4.4": (4, ()),
    "5.1": (1, ()),
    "5.2": (6, (4, 5, 6)),
    "5.3": (3, (3,)),
    "5.4": (3, ()),
    "6.1": (3, ()),
    "6.2": (12, ()),
    "6.3": (8, (5, 6, 7, 8)),
    "6.4": (6, (5, 6)),
    "6.5": (8, (6, 7, 8)),
    "6.6": (4, (4,)),
    "6.7": (2, (1, 2)),
    "6.8": (4, ()),
    "7.1": (3, ()),
    "7.2": (4, ()),
    "7.3": (2, ()),
    "7.4": (5, ()),
    "7.5": (3, (3,)),
    "7.6": (2, ()),
    "8.1": (4, (3, 4)),
    "8.2": (4, (4,)),
    "8.3": (3, (2, 3)),
    "8.4": (2, (2,)),
    "9.1": (3, ()),
    "9.2": (4, ()),
    "10.1": (2, ()),
    "10.2": (3, (3,)),
    "10.3": (5, (5,)),
    "10.4": (16, (12, 13, 14, 15, 16)),
    "10.5": (5, ()),
    "10.6": (2, ()),
    "10.7": (3, ()),
    "11.1": (4, (3, 4)),
    "11.2": (5, (4, 5)),
    "11.3": (5, (4, 5)),
    "11.4": (4, ()),
    "11.5": (2, (2,)),
    "11.6": (2, (2,)),
    "11.7": (2, (1, 2)),
    "12.1": (5, (4, 5)),
    "12.2": (2, ()),
    "12.3": (5, (5,)),
    "13.1": (4, (2, 3, 4)),
    "13.2": (6, (6,)),
    "13.3": (4, (3, 4)),
    "13.4": (7, (6, 7)),
    "14.1": (2, ()),
    "14.2": (8, (5, 6, 7, 8)),
    "14.3": (3, ()),
    "15.1": (5, (4, 5)),
    "15.2": (5, (4, 5)),
    "15.3": (7, ()),
    "15.4": (4, (1, 2, 3, 4)),
    "16.1": (1, ()),
    "16.2": (5, ()),
    "16.3": (4, ()),
    "16.4": (3, ()),
    "16.5": (4, (4,)),
    "17.1": (2, (2,)),
    "17.2": (8, (5, 6, 7, 8)),
    "17.3": (2, ()),
}
ANSWERS = {"yes", "part", "no", "none"}


def rows(root: Path) -> list[list[str]]:
    """The cells of each row of the list."""
    text = (root / "docs/developer/asvs.md").read_text(encoding="utf-8")
    found = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found]


def test_every_requirement_of_levels_1_and_2_stands_once(root: Path) -> None:
    given = [number for row in rows(root) for number in row[0].split(", ")]
    wanted = [
        f"{section}.{n}"
        for section, (count, third) in LAST.items()
        for n in range(1, count + 1)
        if n not in third
    ]
    assert len(wanted) == 253
    assert sorted(given) == sorted(wanted)


def test_every_answer_is_one_of_four_with_words(root: Path) -> None:
    for number, answer, how, proof in rows(root):
        assert answer in ANSWERS, number
        assert how, number
        assert proof or answer == "none", f"{number}: shown by what?"


def test_every_proof_is_there(root: Path) -> None:
    headings = re.findall(
        r"^## (.+)$", (root / "docs/developer/security.md").read_text(encoding="utf-8"), re.M
    )
    anchors = {heading.lower().replace(" ", "-").replace(",", "") for heading in headings}
    for number, _, _, proof in rows(root):
        if proof.startswith("security.md#"):
            assert proof.removeprefix("security.md#") in anchors, number
        elif proof:
            path, _, name = proof.strip("`").partition("::")
            place = root / "tests" / path
            assert place.exists(), f"{number}: {path}"
            assert not name or f"def {name}(" in place.read_text(encoding="utf-8"), f"{number}"
