"""The imported base maps of the towns: one file a town in the data folder, kept compressed."""

import gzip
import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings

MODE = 0o600


@dataclass(frozen=True, slots=True)
class Stored:
    """A town's base map as it goes out."""

    brotli: bytes
    etag: str

    @property
    def plain(self) -> bytes:
        """The GeoJSON."""
        return unpack(self.brotli)

    @property
    def zipped(self) -> bytes:
        """The GeoJSON for clients without brotli (browsers use brotli over HTTPS only)."""
        return _zipped(self.brotli)


def path_of(code: str) -> Path:
    """Where the base map of a town lies."""
    return Path(settings.DATA) / "maps" / f"{code}.json.br"


def pack(plain: bytes) -> bytes:
    """Compress with brotli."""
    return brotli.compress(plain, quality=9, lgwin=22)


def unpack(packed: bytes) -> bytes:
    """The contents of what ``pack`` made; raises ``ValueError`` for anything else."""
    try:
        plain = brotli.decompress(packed)
    except brotli.error as error:
        raise ValueError("not a stored base map") from error
    return bytes(plain)


def keep(code: str, packed: bytes) -> None:
    """Store the base map of a town in one step, durably."""
    path = path_of(code)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        os.fchmod(file.fileno(), MODE)
        file.write(packed)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove(code: str) -> bool:
    """Remove the base map of a town; whether there was one."""
    try:
        path_of(code).unlink()
    except FileNotFoundError:
        return False
    return True


def of_town(code: str) -> Stored | None:
    """The base map of a town as it is now; None where none was imported."""
    path = path_of(code)
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return _read(path, state.st_mtime_ns, state.st_size)


def summary(code: str) -> dict[str, Any] | None:
    """Credit, day of import and plan of a town's base map, without its features."""
    stored = of_town(code)
    if stored is None:
        return None
    value: dict[str, Any] = json.loads(stored.plain)
    return {name: value[name] for name in value if name != "features"}


@lru_cache(maxsize=64)
def _read(path: Path, _changed_ns: int, _size: int) -> Stored:
    packed = path.read_bytes()
    return Stored(packed, f'"{hashlib.sha256(packed).hexdigest()[:20]}"')


@lru_cache(maxsize=8)
def _zipped(packed: bytes) -> bytes:
    return gzip.compress(unpack(packed), 6, mtime=0)
