"""The backup file is taken whole or refused; nothing is written outside its folder."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from madoguchi.operation import archive
from madoguchi.operation.archive import Broken, Manifest, measure
from madoguchi.operation.outcome import Failure

FILES = {
    "secret.key": b"k" * 64,
    "madoguchi.sqlite3": bytes(range(256)) * 40,
    "files/a/b.jpg": b"x",
}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An archive of FILES."""
    folder = tmp_path / "source"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    entries = tuple(measure(name, folder / name) for name in FILES)
    target = tmp_path / "backup.tar.gz"
    with target.open("wb") as file:
        archive.write(file, Manifest("0.1.0", "2026-07-01T03:00:00Z", "sqlite", entries), folder)
    return target


def rewritten(made: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """The archive with each member passed through ``change``; None drops it."""
    target = made.with_name("changed.tar.gz")
    with tarfile.open(made) as source, tarfile.open(target, "w:gz") as tar:
        for member in source:
            file = source.extractfile(member)
            assert file is not None
            if (new := change(member.name, file.read())) is not None:
                info = tarfile.TarInfo(new[0])
                info.size = len(new[1])
                tar.addfile(info, io.BytesIO(new[1]))
    return target


def refused(source: Path, into: Path) -> str:
    """Why the archive is refused."""
    with pytest.raises(Broken) as caught:
        archive.unpack(source, into)
    return str(caught.value)


def test_what_was_written_comes_back(made: Path, tmp_path: Path) -> None:
    into = tmp_path / "into"
    manifest = archive.unpack(made, into)
    found = {p.relative_to(into).as_posix(): p.read_bytes() for p in into.rglob("*") if p.is_file()}
    assert found == FILES
    assert manifest.database == "sqlite"
    assert {(into / name).stat().st_mode & 0o777 for name in FILES} == {0o600}


def test_a_changed_byte_is_noticed(made: Path, tmp_path: Path) -> None:
    def change(name: str, content: bytes) -> tuple[str, bytes]:
        return name, b"y" if name == "data/files/a/b.jpg" else content

    assert "中身が壊れています" in refused(rewritten(made, change), tmp_path / "into")


def test_a_missing_file_is_noticed(made: Path, tmp_path: Path) -> None:
    changed = rewritten(made, lambda n, c: None if n == "data/secret.key" else (n, c))
    assert "1個足りません" in refused(changed, tmp_path / "into")


def test_a_file_that_is_not_listed_is_refused(made: Path, tmp_path: Path) -> None:
    def change(name: str, content: bytes) -> tuple[str, bytes]:
        return ("data/other" if name == "data/secret.key" else name), content

    assert "目録にない" in refused(rewritten(made, change), tmp_path / "into")


@pytest.mark.parametrize(
    "name", ["../outside", "/outside", "files/../../outside", "files//x", "./x", "", "a\\..\\b"]
)
def test_no_name_leads_outside(made: Path, tmp_path: Path, name: str) -> None:
    def change(member: str, content: bytes) -> tuple[str, bytes]:
        if member == archive.MANIFEST:
            value = json.loads(content)
            value["files"][0]["name"] = name
            return member, json.dumps(value).encode()
        return (f"data/{name}" if member == "data/secret.key" else member), content

    assert "置けない場所" in refused(rewritten(made, change), tmp_path / "into" / "deep")
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "into").exists()


def test_a_link_in_place_of_a_file_is_refused(made: Path, tmp_path: Path) -> None:
    target = tmp_path / "link.tar.gz"
    with tarfile.open(made) as source, tarfile.open(target, "w:gz") as tar:
        for member in source:
            file = source.extractfile(member)
            if member.name == "data/secret.key":
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
                tar.addfile(member)
            else:
                tar.addfile(member, file)
    assert "目録と違います" in refused(target, tmp_path / "into")


@pytest.mark.parametrize("kept", [0, 1, 30, 0.5, 0.99])
def test_a_file_cut_short_is_refused(made: Path, tmp_path: Path, kept: float) -> None:
    content = made.read_bytes()
    made.write_bytes(content[: int(kept * len(content)) if kept < 1 else int(kept)])
    assert refused(made, tmp_path / "into")


def test_something_else_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "notes.tar.gz"
    with tarfile.open(other, "w:gz") as tar:
        info = tarfile.TarInfo("notes.txt")
        tar.addfile(info)
    assert "madoguchi backup で作った" in refused(other, tmp_path / "into")


def test_a_missing_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"none\.tar\.gz がありません"):
        archive.unpack(tmp_path / "none.tar.gz", tmp_path / "into")
