"""Build hook of hatchling: what a wheel carries besides the package.

A wheel runs a town without this checkout: it takes the packs along, and the styles and scripts as
``make assets`` collects them. An editable installation (``make demo``) finds both in the checkout.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = {
    "packs": "madoguchi/packs",
    "build/static": "madoguchi/static",
    "build/fonts": "madoguchi/fonts",
}
NEEDED = ("packs/index.csv", "build/static/staticfiles.json", "build/fonts/LICENSE.txt")


class WheelContents(BuildHookInterface):
    """Adds the folders of ``CARRIED``; refuses to build a wheel without them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before each build; ``version`` is "standard" or "editable"."""
        if version == "editable":
            return
        root = Path(self.root)
        missing = [name for name in NEEDED if not (root / name).is_file()]
        if missing:
            raise FileNotFoundError(f"{', '.join(missing)}: run `make assets` first")
        for source, target in CARRIED.items():
            build_data["force_include"][str(root / source)] = target
