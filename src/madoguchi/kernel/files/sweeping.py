"""What a crash between the disk and the row leaves behind is taken away later."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import disk
from madoguchi.kernel.files.keeping import town_code
from madoguchi.kernel.files.models import StoredFile

AT_LEAST = timedelta(minutes=10)
BATCH = 500


def sweep_orphans(older_than: timedelta) -> int:
    """Remove the current town's files without a row (or with an erased one); returns how many.

    Only files older than ``older_than`` (at least 10 minutes) go: a row may still be on its way.
    """
    if older_than < AT_LEAST:
        raise ValueError("younger files may still get their row")
    before = (clock.now() - older_than).timestamp()
    removed = 0
    files = _old_files(disk.folder(town_code()), before)
    while batch := list(islice(files, BATCH)):
        keys = {path: disk.key_in(path.name) for path in batch}
        kept = set(
            StoredFile.objects.filter(
                key__in=[key for key in keys.values() if key], erased_at=None
            ).values_list("key", flat=True)
        )
        for path, key in keys.items():
            if key not in kept or path.name.endswith(disk.UNFINISHED):
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _old_files(folder: Path, before: float) -> Iterator[Path]:
    for path in sorted(folder.glob("*/*")):
        if path.is_file() and path.stat().st_mtime < before:
            yield path
