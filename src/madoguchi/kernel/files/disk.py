"""Where the bytes stand, and how they get there so that a crash leaves all or nothing."""

import os
import uuid
from pathlib import Path
from typing import Literal

from django.conf import settings

Size = Literal["full", "thumb"]
ENDINGS: dict[Size, str] = {"full": ".jpg", "thumb": ".thumb.jpg"}
UNFINISHED = ".part"


def folder(town_code: str) -> Path:
    """The folder of a town's files."""
    return Path(settings.DATA) / "files" / town_code


def path_of(town_code: str, key: uuid.UUID, size: Size) -> Path:
    """<DATA>/files/<town code>/<first two digits of the key>/<key>.jpg (or .thumb.jpg)."""
    return folder(town_code) / str(key)[:2] / f"{key}{ENDINGS[size]}"


def key_in(name: str) -> uuid.UUID | None:
    """The key that a file's name carries, None for anything else."""
    try:
        return uuid.UUID(name.partition(".")[0])
    except ValueError:
        return None


def write(path: Path, content: bytes) -> None:
    """Write a file durably: it is there whole after this returns, or not at all.

    Raises OSError (no space left, read-only) and then leaves nothing behind.
    """
    _make_folder(path.parent)
    part = path.with_name(path.name + UNFINISHED)
    try:
        with open(part, "xb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.rename(part, path)
        _sync_folder(path.parent)
    except OSError:
        part.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise


def remove(town_code: str, key: uuid.UUID) -> None:
    """Remove both copies of a photo, as far as they are there."""
    for size in ENDINGS:
        path_of(town_code, key, size).unlink(missing_ok=True)


def _make_folder(path: Path) -> None:
    """Make a folder, readable by the service alone, and make its name durable too."""
    if path.is_dir():
        return
    _make_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
