"""Documents lead somewhere, name commands that exist, and describe the project to other towns."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from madoguchi import cli

LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\bmadoguchi ([a-z]+(?:-[a-z]+)*)\b")
TARGET = re.compile(r"\bmake ([a-z]+)\b")
READERS = ("start", "staff", "operator", "developer")
NAMED = re.compile(r"(?<![\w/])((?:docs|scripts|benchmarks|packs|requirements)/[\w./-]+\.\w+)")


@pytest.fixture(scope="module")
def documents(texts: dict[str, str]) -> dict[str, str]:
    """All tracked Markdown."""
    return {name: text for name, text in texts.items() if name.endswith(".md")}


def test_links_lead_to_files(root: Path, documents: dict[str, str]) -> None:
    broken = []
    for name, text in documents.items():
        for link in LINK.findall(text):
            target = link.partition("#")[0]
            if target and not re.match(r"[a-z]+:", target):
                path = (root / name).parent / target
                if not path.exists():
                    broken.append(f"{name}: {link}")
    assert not broken


def test_commands_and_targets_exist(root: Path, documents: dict[str, str]) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    code = re.compile(r"`[^`\n]+`|^```.*?^```", re.M | re.S)
    for name, text in documents.items():
        for block in code.findall(text):
            planned = {"update"} if "まだない" in text or "not there yet" in text.lower() else set()
            assert set(COMMAND.findall(block)) <= set(cli.COMMANDS) | planned, name
            assert set(TARGET.findall(block)) <= targets, name


def test_files_that_messages_and_code_name_exist(root: Path, texts: dict[str, str]) -> None:
    broken = [
        f"{name}: {path}"
        for name, text in texts.items()
        if name.startswith("src/") and name.endswith((".py", ".html"))
        for path in NAMED.findall(text)
        if not (root / path).exists()
    ]
    assert not broken


def test_each_reader_has_a_first_page(root: Path) -> None:
    for reader in READERS:
        assert (root / "docs" / reader / "README.md").is_file()
        for readme in ("README.md", "README.ja.md"):
            assert f"docs/{reader}/README.md" in (root / readme).read_text(encoding="utf-8")


def test_decisions_are_numbered_once(root: Path) -> None:
    names = sorted(p.name for p in (root / "docs" / "decisions").glob("*.md"))
    numbers = [int(name[:4]) for name in names]
    assert len(numbers) == len(set(numbers))
    for name in names:
        text = (root / "docs" / "decisions" / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {name[:4]} "), name


def test_publiccode_has_what_the_standard_asks_for(root: Path) -> None:
    said: dict[str, Any] = yaml.safe_load((root / "publiccode.yaml").read_text(encoding="utf-8"))
    assert said["publiccodeYmlVersion"] == "0.4"
    assert said["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert said["softwareType"] == "standalone/web"
    assert re.fullmatch(r"https://\S+", said["url"])
    assert said["platforms"]
    assert said["legal"]["license"] == "Apache-2.0"
    assert said["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert all(contact["name"] for contact in said["maintenance"]["contacts"])
    assert isinstance(said["localisation"]["localisationReady"], bool)
    assert set(said["description"]) == set(said["localisation"]["availableLanguages"])
    for words in said["description"].values():
        assert 0 < len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]


def test_the_licence_is_whole(root: Path) -> None:
    text = (root / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
