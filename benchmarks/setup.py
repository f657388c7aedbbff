"""Clean clone to first page with empty package caches, and the size of the install.

    .venv/bin/python benchmarks/setup.py

Goal: at most 3 minutes on a quiet machine. Baseline of the same run: an empty environment with
Django alone, installed by pip with an empty cache: what any Django site pays before its first page.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOAL_S = 180
LIMIT_S = 900
MB = 1_000_000


def main() -> int:
    """Print the figures; exit 1 when the goal is missed."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-setup-") as name:
        folder = Path(name)
        environment = empty_caches(folder)
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        baseline = bare_django(folder, environment)
        begun = time.monotonic()
        clone = folder / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        cloned = time.monotonic() - begun
        first = cloned + first_page(clone, environment)
        again = first_page(clone, environment)
        print(f"clean clone to first page: {first:.1f} s (goal {GOAL_S} s; cloning {cloned:.1f} s)")
        print(f"baseline, bare Django into an empty environment: {baseline:.1f} s")
        print(f"ratio: {first / baseline:.1f}")
        print(f"every later `make demo` to first page: {again:.1f} s")
        for label, path in (("packages (.venv)", ".venv"), ("assets (build)", "build")):
            print(f"size of {label}: {size(clone / path) / MB:.0f} MB")
        print(f"size of the sources without git: {sources(clone) / MB:.1f} MB")
        print(f"load after: {os.getloadavg()[0]:.1f}")
    return 0 if first <= GOAL_S else 1


def empty_caches(folder: Path) -> dict[str, str]:
    """The environment with every package cache in a folder that is empty."""
    caches = {
        name: str(folder / "cache" / name.lower())
        for name in ("UV_CACHE_DIR", "PIP_CACHE_DIR", "npm_config_cache")
    }
    own = ("MADOGUCHI_", "DJANGO_", "VIRTUAL_ENV")
    return {k: v for k, v in os.environ.items() if not k.startswith(own)} | caches


def bare_django(folder: Path, environment: Mapping[str, str]) -> float:
    """Seconds to an environment that can import Django."""
    begun = time.monotonic()
    home = folder / "bare"
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    install = ["install", "--quiet", "--disable-pip-version-check", "django==5.2.19"]
    subprocess.run([home / "bin/python", "-m", "pip", *install], env=environment, check=True)
    subprocess.run([home / "bin/python", "-c", "import django"], check=True)
    return time.monotonic() - begun


def first_page(clone: Path, environment: Mapping[str, str]) -> float:
    """Seconds from ``make demo`` to the first page with status 200; ends the demo again."""
    port = free_port()
    log = clone.parent / "demo.log"
    with log.open("w", encoding="utf-8") as out:
        begun = time.monotonic()
        demo = subprocess.Popen(
            ["make", "demo", f"PORT={port}"],
            cwd=clone,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        while not answers(port):
            took = time.monotonic() - begun
            if demo.poll() is not None or took > LIMIT_S:
                raise SystemExit(f"no page after {took:.0f} s:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.05)
        return time.monotonic() - begun
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait()


def answers(port: int) -> bool:
    """Whether the home page comes with status 200."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def size(folder: Path) -> int:
    """Bytes of all files below a folder, links not followed."""
    return sum(p.lstat().st_size for p in folder.rglob("*") if not p.is_dir())


def sources(clone: Path) -> int:
    """Bytes of the files that git tracks."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=clone, capture_output=True, text=True, check=True
    )
    return sum((clone / name).stat().st_size for name in done.stdout.split("\0") if name)


if __name__ == "__main__":
    if shutil.which("make") is None:
        raise SystemExit("make is missing")
    sys.exit(main())
