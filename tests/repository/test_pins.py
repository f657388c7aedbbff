"""Every package that is installed is pinned, and each with its hashes."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def locked(path: Path) -> dict[str, str]:
    """Name and version of each package of a lock; asserts that each has a hash."""
    found = {}
    blocks = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8"))
    for block in blocks:
        if block.startswith("#"):
            continue
        match = PIN.match(block)
        assert match, f"{path.name}: not a pin: {block[:60]}"
        assert "--hash=sha256:" in block, f"{path.name}: {match[1]} has no hash"
        found[plain(match[1])] = match[2]
    return found


def plain(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked(requirements: list[str]) -> dict[str, str]:
    """Name and version of each requirement; asserts that each is pinned."""
    pins = {}
    for requirement in requirements:
        match = PIN.match(requirement)
        assert match, f"not pinned: {requirement}"
        pins[plain(match[1])] = match[2]
    return pins


def test_the_locks_hold_what_the_project_asks_for(root: Path, project: dict[str, Any]) -> None:
    run = asked(project["project"]["dependencies"])
    run |= asked(project["project"]["optional-dependencies"]["postgres"])
    dev = asked(project["dependency-groups"]["dev"])
    locked_run = locked(root / "requirements" / "run.txt")
    locked_dev = locked(root / "requirements" / "dev.txt")
    assert run.items() <= locked_run.items()
    assert (dev | locked_run).items() <= locked_dev.items()


def test_the_tools_of_the_set_up_are_locked(root: Path, project: dict[str, Any]) -> None:
    tools = locked(root / "requirements" / "bootstrap.txt")
    assert asked(project["build-system"]["requires"]).items() <= tools.items()
    assert "uv" in tools


def test_browser_packages_are_locked(root: Path) -> None:
    wanted = json.loads((root / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, version in wanted.items():
        assert re.fullmatch(r"[0-9.]+", version), name
        assert packages[f"node_modules/{name}"]["version"] == version
    assert all(p["integrity"].startswith("sha512-") for n, p in packages.items() if n)


def test_the_version_is_the_same_everywhere(root: Path, project: dict[str, Any]) -> None:
    version = project["project"]["version"]
    publiccode = yaml.safe_load((root / "publiccode.yaml").read_text(encoding="utf-8"))
    assert publiccode["softwareVersion"] == version
    assert f"## {version}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
