"""The files beside the database (photos, keys, secrets), the same in another folder.

Files are written before their rows and never changed, so a mirror that is as old as the database's
copy, or newer, has every file that its rows name. What was erased here is erased there.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from madoguchi.operation import backup

PHOTOS = "files"


class Mirror:
    """Keeps ``target`` like ``source``; quick when little has changed."""

    def __init__(self, source: Path, target: Path) -> None:
        self._source = source
        self._target = target
        self._seen: dict[Path, int] = {}

    def bring_up_to_date(self) -> int:
        """Copy what is new, remove what is gone; returns how many files were touched.

        A folder of photos is looked into only when an entry of it has come or gone. Raises OSError.
        """
        return self._folder(Path())

    def _folder(self, name: Path) -> int:
        source, target = self._source / name, self._target / name
        before = source.stat().st_mtime_ns
        folders = [p.name for p in source.iterdir() if p.is_dir() and not p.is_symlink()]
        folders = [one for one in folders if not backup.left_out(name / one)]
        touched = sum(self._folder(name / one) for one in folders)
        if self._seen.get(name) == before and name.parts[:1] == (PHOTOS,):
            return touched
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        touched += self._files(name, source, target, keep=set(folders))
        self._seen[name] = before
        return touched

    def _files(self, name: Path, source: Path, target: Path, keep: set[str]) -> int:
        wanted = {
            path.name
            for path in source.iterdir()
            if path.is_file() and not path.is_symlink() and not backup.left_out(name / path.name)
        }
        changed = [one for one in wanted if _differ(source / one, target / one)]
        for one in changed:
            with suppress(FileNotFoundError):  # erased meanwhile
                _copy(source / one, target / one)
        gone = [path for path in target.iterdir() if path.name not in wanted | keep]
        for path in gone:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        if changed or gone:
            backup.sync_folder(target)
        return len(changed) + len(gone)


def _differ(source: Path, target: Path) -> bool:
    with suppress(FileNotFoundError):
        here, there = source.stat(), target.stat()
        return (here.st_size, here.st_mtime_ns) != (there.st_size, there.st_mtime_ns)
    return True


def _copy(source: Path, target: Path) -> None:
    """Whole or not at all, on the disk before it has its name."""
    part = target.with_name(f"{target.name}.part")
    with source.open("rb") as read, part.open("wb") as write:
        part.chmod(0o600)
        shutil.copyfileobj(read, write)
        write.flush()
        os.fsync(write.fileno())
        at = os.stat(read.fileno()).st_mtime_ns
    os.utime(part, ns=(at, at))
    os.replace(part, target)
