"""The import contracts: nothing is exempt, and an import that breaks one turns the check red."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONTRACTS = ".importlinter"
BREAKS = {
    "Imports run downwards only": ("kernel/people/api.py", "import madoguchi.web.pages"),
    "Inside the kernel, lower parts know nothing of higher ones": (
        "kernel/towns/api.py",
        "import madoguchi.kernel.cases.api",
    ),
    "A room is entered by its api or its data": (
        "web/pages.py",
        "import madoguchi.services.disaster.engine.read",
    ),
    "What the help desk computes is for the help desk alone": (
        "web/papers.py",
        "import madoguchi.services.helpdesk.engine.hearing",
    ),
    "What computes knows no framework, database, network, clock or luck": (
        "services/disaster/engine/text.py",
        "import random",
    ),
    "No part of any floor needs itself by way of another": (
        "ui/words.py",
        "import madoguchi.ui.context",
    ),
}
"""Each contract with a module and a line in it that breaks the contract."""


@pytest.fixture
def copied(root: Path, tmp_path: Path) -> Path:
    """The Python files of the package with the contracts, to be broken."""
    for path in (root / "src").rglob("*.py"):
        target = tmp_path / path.relative_to(root / "src")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(root / CONTRACTS, tmp_path / CONTRACTS)
    return tmp_path


def read(root: Path) -> configparser.ConfigParser:
    """The contracts as they are written."""
    contracts = configparser.ConfigParser()
    contracts.read(root / CONTRACTS)
    return contracts


def outcome(folder: Path) -> dict[str, str]:
    """KEPT or BROKEN by contract, as the check prints it there."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    rows = [line.rpartition(" ") for line in ran.stdout.splitlines()]
    said = {name: state for name, _, state in rows if state in {"KEPT", "BROKEN"}}
    assert (ran.returncode == 0) == (set(said.values()) == {"KEPT"}), ran.stdout
    return said


def test_no_import_is_exempt(root: Path) -> None:
    contracts = read(root)
    assert not [name for name in contracts.sections() if "ignore_imports" in contracts[name]]


def test_every_contract_is_broken_by_an_import_against_it(root: Path, copied: Path) -> None:
    contracts = read(root)
    names = {contracts[s]["name"] for s in contracts.sections() if ":contract:" in s}
    assert names == set(BREAKS)
    assert outcome(copied) == dict.fromkeys(names, "KEPT")
    for module, line in BREAKS.values():
        with (copied / "madoguchi" / module).open("a", encoding="utf-8") as source:
            source.write(f"\n{line}\n")
    assert outcome(copied) == dict.fromkeys(names, "BROKEN")
