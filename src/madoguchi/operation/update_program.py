"""A new version of the program put in place of the running one, in one step, and back again.

The folder of installed packages is copied by links, our own package in the copy is replaced by
that of the wheel, and the two folders change names. No moment has half a program. Nothing here
imports Django.
"""

import hashlib
import os
import re
import shutil
import sysconfig
import zipfile
from dataclasses import dataclass
from email.parser import HeaderParser
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path, PurePosixPath

from madoguchi.operation import restore
from madoguchi.operation.outcome import Failure

OURS = re.compile(r"madoguchi(-[^/]+\.dist-info)?(/|$)")
NEW = "madoguchi-update-new"
"""This file marks the folder that holds the new version while it is on trial."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel of this program."""

    file: Path
    version: str
    size: int


def look_into(file: Path) -> Wheel:
    """Read a wheel; raises ``Failure`` for anything that could not be put in place whole."""
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.testzip() is not None:
                raise zipfile.BadZipFile
            names = archive.namelist()
            strange = [n for n in names if not OURS.match(n) or ".." in PurePosixPath(n).parts]
            [metadata] = [
                n for n in names if re.fullmatch(r"madoguchi-[^/]+\.dist-info/METADATA", n)
            ]
            head = HeaderParser().parsestr(archive.read(metadata).decode("utf-8"))
            size = sum(info.file_size for info in archive.infolist())
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise Failure(
            f"{file} は、窓口のホイールとして読めません。まだ何も変えていません。"
        ) from error
    if strange:
        raise Failure(f"{file} に、窓口のものでないファイルがあります（{strange[0][:80]}）。")
    missing = [want for want in head.get_all("Requires-Dist", []) if not _is_there(want)]
    if missing:
        raise Failure(
            f"この版には、入っていない部品が要ります（{'、'.join(missing)}）。まだ何も変えて"
            "いません。\n手引き「新しくする」の「部品も変わるとき」の順で入れてください。"
        )
    return Wheel(file, str(head["Version"]), size)


def home() -> Path:
    """The folder of installed packages; raises ``Failure`` where this is a developer's checkout."""
    folder = Path(sysconfig.get_path("purelib"))
    if not Path(__file__).is_relative_to(folder):
        raise Failure(
            "このプログラムは開発用の入れ方（make）で入っています。--wheel は使えません。\n"
            "git で新しい版にして「make assets」を実行し、--wheel を付けずに実行してください。"
        )
    return folder


def prepare(wheel: Wheel, packages: Path) -> None:
    """Make the new folder beside the running one."""
    forget(packages)
    target = _beside(packages)
    shutil.copytree(packages, target, copy_function=_link, symlinks=True, ignore=_ours_at(packages))
    with zipfile.ZipFile(wheel.file) as archive:
        archive.extractall(target)
    (target / NEW).touch()


def exchange(packages: Path) -> None:
    """Let the new version run, or the old one again."""
    restore.exchange(_beside(packages), packages)


def is_new(packages: Path) -> bool:
    """Whether the version on trial is the one that runs."""
    return (packages / NEW).exists()


def forget(packages: Path) -> None:
    """Keep what runs and throw the other away."""
    (packages / NEW).unlink(missing_ok=True)
    shutil.rmtree(_beside(packages), ignore_errors=True)


def size_of(packages: Path) -> int:
    """Bytes of our own package as it is installed."""
    return sum(p.stat().st_size for p in (packages / "madoguchi").rglob("*") if p.is_file())


def digest(file: Path) -> str:
    """SHA-256 of a wheel, to compare with what the maker published."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _beside(packages: Path) -> Path:
    return packages.with_name(f"{packages.name}.update")


def _ours_at(packages: Path):  # type: ignore[no-untyped-def]
    def ignored(folder: str, names: list[str]) -> list[str]:
        return [n for n in names if OURS.match(n)] if Path(folder) == packages else []

    return ignored


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _is_there(requirement: str) -> bool:
    """Whether a pinned requirement of ours (``name[extra]==1.2; marker``) is installed."""
    wanted, _, marker = requirement.partition(";")
    if "extra" in marker:
        return True
    name, _, pin = wanted.partition("==")
    try:
        found = version(re.sub(r"\[.*\]", "", name).strip())
    except PackageNotFoundError:
        return False
    return not pin or found == pin.strip()


def installed() -> str:
    """The version that runs."""
    return distribution("madoguchi").version
