"""A wheel runs a town without this checkout."""

import csv
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from madoguchi import cli


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel alone; what it depends on comes from that of the tests."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    [site] = home.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    # A line of a .pth file is a folder whose own .pth files, such as ours, do not count.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home


def run(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``madoguchi`` there, far from the checkout and without any setting of it."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("MADOGUCHI_", "DJANGO_", "PYTHON"))
    }
    start = "import sys; from madoguchi.cli import main; sys.exit(main())"
    return subprocess.run(
        [place / "bin" / "python", "-c", start, *arguments],
        cwd=place,
        env=kept,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_it_holds_every_source_every_pack_and_every_asset(
    root: Path, wheel: Path, tracked: tuple[Path, ...]
) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        assets = json.loads(packed.read("madoguchi/static/staticfiles.json"))["paths"]
    tracked_names = {path.relative_to(root).as_posix() for path in tracked}
    sources = {n.removeprefix("src/") for n in tracked_names if n.startswith("src/")}
    packs = {f"madoguchi/{n}" for n in tracked_names if n.startswith("packs/")}
    assert packs
    assert sources | packs <= names
    static = {f"madoguchi/static/{name}" for pair in assets.items() for name in pair}
    assert {
        "madoguchi/static/vendor/maplibre/maplibre-gl.mjs",
        "madoguchi/static/vendor/design-tokens/tokens.css",
        "madoguchi/static/ui/map/staff.mjs",
    } <= static
    assert static <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [
        name for name in names if name.startswith(("tests/", "src/")) or "__pycache__" in name
    ]


def test_its_command_is_there(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        [entries] = [n for n in packed.namelist() if n.endswith("entry_points.txt")]
        assert "madoguchi = madoguchi.cli:main" in packed.read(entries).decode()


def test_it_says_what_it_can_do(place: Path) -> None:
    done = run(place, "--help")
    assert done.returncode == 0, done.stderr
    assert all(command in done.stdout for command in cli.COMMANDS)


def test_it_locates_with_its_own_packs(place: Path) -> None:
    (place / "in.csv").write_text("住所\n東京都調布市小島町2-35-1\n", encoding="utf-8")
    done = run(place, "locate", "in.csv", "--column", "住所")
    assert done.returncode == 0, done.stderr
    [row] = csv.DictReader(done.stdout.splitlines())
    assert (row["市区町村"], row["町字"]) == ("調布市", "小島町二丁目")


def test_it_serves_the_styles_it_carries(place: Path) -> None:
    ask = "from madoguchi.settings import embedded; print(embedded.STATIC_ROOT)"
    done = subprocess.run(
        [place / "bin" / "python", "-c", ask], cwd=place, capture_output=True, text=True, check=True
    )
    static = Path(done.stdout.strip())
    assert static.is_relative_to(place)
    assert (static / "staticfiles.json").is_file()
