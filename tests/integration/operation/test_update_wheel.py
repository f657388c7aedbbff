"""``madoguchi update --wheel`` in an environment of its own: the program goes forward, or back."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import madoguchi

from .conftest import Home
from .test_update import BEFORE

SOURCE = Path(madoguchi.__file__).parent
ROOT = SOURCE.parents[1]


class Installed:
    """A house run by a program that is installed as a town installs it."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home, self.folder = home, folder
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        self.packages = next(folder.glob("lib/python*/site-packages"))
        shutil.copytree(SOURCE, self.packages / "madoguchi", copy_function=os.link)
        info = self.packages / "madoguchi-0.1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Name: madoguchi\nVersion: 0.1.0\n")
        static = self.packages / "madoguchi" / "static"
        static.mkdir(exist_ok=True)
        (static / "staticfiles.json").write_text("{}")
        (self.packages / "others.pth").write_text(sysconfig.get_path("purelib"))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")}
        given = {"MADOGUCHI_DATA": str(self.home.data), "MADOGUCHI_PACKS": str(ROOT / "packs")}
        return subprocess.run(
            [self.folder / "bin" / "python", "-m", "madoguchi.cli", *arguments],
            env=inherited | self.home.environment | given,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def version(self) -> str:
        [info] = self.packages.glob("madoguchi-*.dist-info")
        return info.name.split("-")[1].removesuffix(".dist")

    def wheel(self, version: str, step: str = "") -> str:
        """A wheel of what is installed, under another version; ``step`` replaces its own part."""
        path = self.folder / f"madoguchi-{version}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                f"madoguchi-{version}.dist-info/METADATA", f"Name: madoguchi\nVersion: {version}\n"
            )
            for file in (self.packages / "madoguchi").rglob("*"):
                name = file.relative_to(self.packages).as_posix()
                if file.is_file() and "__pycache__" not in name:
                    broken = step and name.endswith("update_step.py")
                    archive.writestr(name, step if broken else file.read_bytes())
        return str(path)


@pytest.fixture
def installed(home: Home, tmp_path: Path) -> Installed:
    made = Installed(home, tmp_path / "venv")
    done = made.run("restore", str(BEFORE))
    assert done.returncode == 0, done.stderr
    return made


def test_the_program_goes_forward_or_back_as_a_whole(installed: Installed) -> None:
    bad = installed.run("update", "--wheel", installed.wheel("0.9.8", "raise SystemExit('broken')"))
    assert bad.returncode == 1
    assert "前の状態に戻してあります" in bad.stderr
    assert installed.version() == "0.1.0"
    done = installed.run("update", "--wheel", installed.wheel("0.9.9"))
    assert done.returncode == 0, done.stderr
    assert installed.version() == "0.9.9"
    assert [p.name for p in installed.packages.parent.iterdir()] == ["site-packages"]
    assert "変えるものはありません" in installed.run("update").stdout
