"""Everything stands where the plan says, in files that fit a reader."""

import ast
from pathlib import Path

import pytest

MAX_LINES = 400
TOP = {
    *("README.md", "README.ja.md", "LICENSE", "publiccode.yaml", "CHANGELOG.md"),
    *("CONTRIBUTING.md", "Makefile", "pyproject.toml", "package.json", "package-lock.json"),
    *(".importlinter", ".gitignore"),
}
FOLDERS = {
    "src",
    "tests",
    "benchmarks",
    "docs",
    "packs",
    "requirements",
    "scripts",
    "datasets",
    ".ci",
}
FLOORS = {"kernel", "ui", "channels", "services", "web", "settings", "operation", "commands"}
TEST_FOLDERS = {"unit", "integration", "e2e", "repository", "fakes", "fixtures", "load"}
JUNK = {"utils", "util", "common", "helpers", "helper", "misc", "shared", "tools"}


def test_the_top_holds_what_is_planned_and_nothing_else(
    root: Path, tracked: tuple[Path, ...]
) -> None:
    names = [path.relative_to(root) for path in tracked]
    assert {n.name for n in names if len(n.parts) == 1} == TOP
    assert {n.parts[0] for n in names if len(n.parts) > 1} == FOLDERS


def test_the_package_has_its_floors(root: Path) -> None:
    package = root / "src" / "madoguchi"
    assert {p.parent.name for p in package.glob("*/__init__.py")} == FLOORS
    assert {p.name for p in package.glob("*.py")} == {"__init__.py", "cli.py"}


def test_tests_mirror_the_sources(root: Path, tracked: tuple[Path, ...]) -> None:
    package = root / "src" / "madoguchi"
    for path in tracked:
        parts = path.relative_to(root).parts
        if parts[0] != "tests" or not path.name.startswith("test_"):
            continue
        assert parts[1] in TEST_FOLDERS, path
        if parts[1] in {"unit", "integration"}:
            assert package.joinpath(*parts[2:-1]).is_dir(), f"{path}: no such room in src"


def test_no_junk_drawers(root: Path, tracked: tuple[Path, ...]) -> None:
    source = [p.relative_to(root) for p in tracked if p.is_relative_to(root / "src")]
    assert not [p for p in source if JUNK & {*p.parts[:-1], p.stem}]


def test_files_fit_a_reader(texts: dict[str, str]) -> None:
    source = (".py", ".mjs", ".js", ".css", ".html", ".sh", ".md")
    long = {
        name: text.count("\n")
        for name, text in texts.items()
        if name.endswith(source) and "/migrations/" not in name and text.count("\n") > MAX_LINES
    }
    assert not long


def test_every_service_is_a_room_of_one_shape(root: Path) -> None:
    rooms = [
        p for p in (root / "src/madoguchi/services").iterdir() if (p / "__init__.py").is_file()
    ]
    assert rooms
    for room in rooms:
        have = {p.name for p in room.iterdir()}
        assert {"README.md", "data.py", "engine", "models.py", "urls.py", "apps.py"} <= have, room


def test_public_functions_of_the_package_say_what_they_do(texts: dict[str, str]) -> None:
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, text in texts.items()
        if name.startswith("src/") and name.endswith(".py") and "/migrations/" not in name
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=1)
