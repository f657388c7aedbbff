"""The backup file: a .tar.gz with a manifest of every file's size and SHA-256."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from madoguchi.operation.outcome import Failure

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20
DATABASES = {"sqlite": "madoguchi.sqlite3", "postgres": "madoguchi.pgdump"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive; ``name`` is its path below the data folder, with slashes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds. ``database`` is "sqlite" or "postgres"."""

    version: str
    made_at: str
    database: str
    entries: tuple[Entry, ...]

    def as_json(self) -> bytes:
        """The bytes that stand in the archive."""
        value = {
            "format": FORMAT,
            "version": self.version,
            "made_at": self.made_at,
            "database": self.database,
            "files": [{"name": e.name, "size": e.size, "sha256": e.sha256} for e in self.entries],
        }
        return json.dumps(value, ensure_ascii=False, indent=1).encode()


class Broken(Failure):
    """The archive is not whole, or not one of ours."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"このバックアップは使えません：{why}\n"
            "今のデータはそのままです。別のバックアップで試してください。"
        )


def write(target: IO[bytes], manifest: Manifest, folder: Path) -> None:
    """Write the manifest and its files, which lie below ``folder``."""
    with tarfile.open(fileobj=target, mode="w:gz", compresslevel=3) as tar:
        data = manifest.as_json()
        head = tarfile.TarInfo(MANIFEST)
        head.size, head.mode = len(data), 0o600
        tar.addfile(head, io.BytesIO(data))
        for entry in manifest.entries:
            info = tarfile.TarInfo(f"data/{entry.name}")
            info.size, info.mode = entry.size, 0o600
            with (folder / entry.name).open("rb") as source:
                tar.addfile(info, source)


def measure(name: str, path: Path) -> Entry:
    """Size and digest of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Entry(name, path.stat().st_size, digest.hexdigest())


def unpack(source: Path, into: Path) -> Manifest:
    """Write the files of the archive below ``into`` and check each against the manifest.

    Raises ``Broken`` for anything but exactly the listed plain files, with their digests; nothing
    is ever written outside ``into``.
    """
    with _private_files(), _reading(source) as tar:
        manifest = _manifest(tar)
        wanted = {f"data/{entry.name}": entry for entry in manifest.entries}
        while (member := tar.next()) is not None:
            entry = wanted.pop(member.name, None)
            if entry is None:
                raise Broken(f"目録にないファイルがあります（{member.name[:80]}）。")
            if not member.isreg() or member.size != entry.size:
                raise Broken(f"{entry.name} が目録と違います。")
            _take_out(tar, member, entry, into)
        if wanted:
            raise Broken(f"ファイルが{len(wanted)}個足りません。")
        while tar.fileobj is not None and tar.fileobj.read(CHUNK):
            pass  # to the end, where gzip compares its own checksum
    return manifest


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, entry: Entry, into: Path) -> None:
    path = into / entry.name
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    source = tar.extractfile(member)
    assert source is not None
    with path.open("xb") as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != entry.sha256:
        raise Broken(f"{entry.name} の中身が壊れています。")


@contextmanager
def _private_files() -> Iterator[None]:
    """Nobody else may read what is unpacked, nor the folders on the way."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _reading(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, mode="r:gz") as tar:
            yield tar
    except FileNotFoundError as error:
        raise Failure(f"{source} がありません。") from error
    except (tarfile.TarError, EOFError, OSError, UnicodeError, ValueError) as error:
        raise Broken(f"途中で切れているか、形式が違います（{type(error).__name__}）。") from error


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > 1 << 28:
        raise Broken("madoguchi backup で作ったファイルではありません。")
    source = tar.extractfile(first)
    assert source is not None
    try:
        value = json.loads(source.read())
        if value["format"] != FORMAT:
            raise Broken("新しい版のバックアップです。プログラムを新しくしてください。")
        manifest = Manifest(
            str(value["version"]),
            str(value["made_at"]),
            str(value["database"]),
            tuple(Entry(str(e["name"]), int(e["size"]), str(e["sha256"])) for e in value["files"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Broken("目録を読めません。") from error
    for entry in manifest.entries:
        if not _safe(entry.name):
            raise Broken(f"目録に置けない場所のファイルがあります（{entry.name[:80]}）。")
    return manifest


def _safe(name: str) -> bool:
    path = PurePosixPath(name)
    plain = str(path) == name and not path.is_absolute() and "\\" not in name and "\0" not in name
    return plain and bool(path.parts) and not {"..", "."} & set(path.parts)
