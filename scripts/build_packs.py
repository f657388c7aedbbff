"""Build ``packs/`` from the shared sources: ``python scripts/build_packs.py``.

Reads ``$MADOGUCHI_SHARED`` (default ``../shared`` beside the repository) and writes the same bytes
on every run.
"""

import os
from pathlib import Path

from packs import addresses
from packs.sources import Sources
from packs.writing import write_csv

REPOSITORY = Path(__file__).resolve().parent.parent
ADDRESS_COLUMNS = ["town_area", "oaza", "chome", "koaza", "lat", "lon", "radius_m", "kind"]


def main() -> None:
    shared = Path(os.environ.get("MADOGUCHI_SHARED", REPOSITORY.parent / "shared"))
    sources = Sources(shared)
    for town in sources.towns:
        rows = addresses.complete(
            town, sources.addresses(town), sources.postal(town), sources.boundary(town)
        )
        folder = REPOSITORY / "packs" / town.code
        write_csv(folder / "addresses.csv", ADDRESS_COLUMNS, [r.row() for r in rows])
        print(town.code, town.name, len(rows), rows[-1].radius_m)


if __name__ == "__main__":
    main()
