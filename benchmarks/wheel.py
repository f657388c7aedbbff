"""The wheel in an environment of its own: size, and seconds from an empty folder to the first page.

    .venv/bin/python benchmarks/wheel.py

Goal: the wheel alone opens a town, with its own packs, styles and scripts. Baseline of the same
run: the same commands from this checkout. What both depend on comes from this environment.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT_S = 120
MB = 1_000_000


def main() -> int:
    """Print the figures; exit 1 when the wheel does not open a town."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-wheel-") as name:
        folder = Path(name)
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        [wheel] = folder.glob("*.whl")
        python = install(wheel, folder / "own")
        own = first_page([str(python.parent / "madoguchi")], folder / "data-own")
        checkout = first_page([sys.executable, "-m", "madoguchi.cli"], folder / "data-checkout")
        print(f"size of the wheel: {wheel.stat().st_size / MB:.1f} MB")
        print(f"wheel, empty folder to first page with styles: {own:.1f} s")
        print(f"baseline, the same from the checkout: {checkout:.1f} s")
        print(f"ratio: {own / checkout:.2f}")
        print(f"load after: {os.getloadavg()[0]:.1f}")
    return 0


def install(wheel: Path, home: Path) -> Path:
    """Install the wheel into a new environment by uv, without what it depends on; its Python."""
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    uv = Path(sys.executable).parent / "uv"
    command = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel]
    subprocess.run(command, check=True)
    [site] = home.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    subprocess.run([python, "-m", "compileall", "-q", site], check=False)
    return python


def first_page(command: list[str], data: Path) -> float:
    """Seconds of ``init`` and of ``serve`` until the home page and its first style are there."""
    own = ("MADOGUCHI_", "DJANGO_", "PYTHON")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(own)}
    environment["MADOGUCHI_DATA"] = str(data)
    port = free_port()
    begun = time.monotonic()
    init = [*command, "init", "--town", "調布市", "--phone", "042-000-0000"]
    subprocess.run(init, cwd=data.parent, env=environment, check=True, capture_output=True)
    serve = [*command, "serve", "--port", str(port)]
    process = subprocess.Popen(serve, cwd=data.parent, env=environment, stdout=subprocess.DEVNULL)
    try:
        html = get(f"http://127.0.0.1:{port}/", process)
        assert "調布市" in html
        [style, *_] = re.findall(r'href="(/static/[^"]+\.css)"', html)
        assert "{" in get(f"http://127.0.0.1:{port}{style}", process)
        return time.monotonic() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=LIMIT_S)


def get(url: str, process: subprocess.Popen[bytes]) -> str:
    """The page, asked for until the server answers."""
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=LIMIT_S) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError:
            time.sleep(0.05)
    raise SystemExit("the server did not answer")


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
