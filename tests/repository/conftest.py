"""The files of the repository as git has them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> tuple[Path, ...]:
    """Every file that git tracks and that is there, below ``root``."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return tuple(
        path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()
    )


@pytest.fixture(scope="session")
def texts(tracked: tuple[Path, ...]) -> dict[str, str]:
    """Name and content of every tracked text file outside ``packs`` and the lock files."""
    found = {}
    for path in tracked:
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(("packs/", "requirements/")) or name == "package-lock.json":
            continue
        try:
            found[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found
