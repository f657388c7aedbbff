"""Build ``packs/`` from the shared sources: ``python scripts/build_packs.py``.

Reads ``$MADOGUCHI_SHARED`` (default ``../shared`` beside the repository) and writes the same bytes
on every run. Prints the size of what was written.
"""

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from packs.build import build
from packs.sources import Sources

REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> None:
    shared = Path(os.environ.get("MADOGUCHI_SHARED", REPOSITORY.parent / "shared"))
    target = REPOSITORY / "packs"
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        build(Sources(shared), REPOSITORY / "scripts" / "packs" / "made_here.csv", fresh)
        replace(fresh, target)
    sizes = Counter[str]()
    for file in _files(target):
        sizes[file.name] += (target / file).stat().st_size
    for name, size in sizes.most_common():
        print(f"{size:>10,} {name}")
    print(f"{sizes.total():>10,} bytes in {len(_files(target))} files")


def replace(fresh: Path, target: Path) -> None:
    """Only once everything is built: what is new or changed is copied, what is gone is removed."""
    for file in _files(target) - _files(fresh):
        (target / file).unlink()
    for file in sorted(_files(fresh)):
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(fresh / file, target / file)


def _files(folder: Path) -> set[Path]:
    return {f.relative_to(folder) for f in folder.rglob("*") if f.is_file()}


if __name__ == "__main__":
    main()
