"""A real house on this machine (``madoguchi demo``) and a real browser in front of it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

START_S = 60
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True, slots=True)
class House:
    """A running ``madoguchi demo``: where it answers, what it printed, its process and data."""

    url: str
    printed: str
    process: subprocess.Popen[str]
    data: Path

    @property
    def staff_link(self) -> str:
        """The printed way in for staff; it works once."""
        return re.search(r"http\S+/staff/enter/\S+", self.printed).group()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(*arguments: str) -> list[str]:
    """The installed command line."""
    return [sys.executable, "-m", "madoguchi.cli", *arguments]


def open_house(folder: Path, *arguments: str, **environment: str) -> House:
    """Start a demo below ``folder`` and wait until it answers."""
    port = free_port()
    log = folder / f"demo-{port}.log"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MADOGUCHI_", "DJANGO_"))}
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command("demo", "--port", str(port), "--data", str(folder), *arguments),
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            env=inherited | environment,
        )
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + START_S
    while not _answers(url):
        said = log.read_text(encoding="utf-8")
        assert process.poll() is None, f"the demo ended by itself:\n{said}"
        assert time.monotonic() < until, f"the demo did not answer within {START_S} s:\n{said}"
        time.sleep(0.05)
    return House(url, log.read_text(encoding="utf-8"), process, folder)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Starts houses of a test's own; whatever is left of them is killed at the end."""
    started: list[House] = []

    def opened(*arguments: str, **environment: str) -> House:
        started.append(open_house(tmp_path, *arguments, **environment))
        return started[-1]

    yield opened
    for house in started:
        house.process.kill()
        house.process.wait()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """調布市, open for all tests of the session: a test must not rely on being alone there."""
    opened = open_house(tmp_path_factory.mktemp("house"))
    yield opened
    opened.process.send_signal(signal.SIGTERM)
    opened.process.wait(timeout=10)


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    assert path, "chromium is missing: run scripts/system_tools.sh"
    opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of the session."""
    with sync_playwright() as playwright, chromium(playwright) as opened:
        yield opened


def new_context(browser: Browser, house: House, **options: Any) -> BrowserContext:
    """A browser of its own cookies, in Japan, that talks to nobody but the house."""
    context = browser.new_context(
        base_url=house.url, locale="ja-JP", timezone_id="Asia/Tokyo", **options
    )
    context.route(lambda url: not url.startswith(house.url), lambda route: route.abort())
    context.set_default_timeout(10_000)
    return context


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    """A resident's page at desk width; an error in a script of the page fails the test."""
    with new_context(browser, house, viewport=DESK) as context:
        yield from watched(context)


@pytest.fixture
def phone(browser: Browser, house: House) -> Iterator[Page]:
    """A resident's page at the width of a telephone."""
    with new_context(browser, house, viewport=PHONE, has_touch=True) as context:
        yield from watched(context)


@pytest.fixture
def plain(browser: Browser, house: House) -> Iterator[Page]:
    """A resident's page without JavaScript."""
    with new_context(browser, house, viewport=DESK, java_script_enabled=False) as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def staff_state(browser: Browser, house: House) -> Any:
    """Cookies of the one in charge, who entered by the printed link."""
    with new_context(browser, house) as context:
        page = context.new_page()
        page.goto(house.staff_link)
        page.get_by_role("main").get_by_role("button").first.click()
        page.wait_for_url(f"{house.url}/staff/")
        return context.storage_state()


@pytest.fixture
def staff(browser: Browser, house: House, staff_state: Any) -> Iterator[Page]:
    """A page of the one in charge, at desk width."""
    with new_context(browser, house, viewport=DESK, storage_state=staff_state) as context:
        yield from watched(context)


def watched(context: BrowserContext) -> Iterator[Page]:
    """A page whose scripts may not fail."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert not errors


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Asserts that axe finds nothing against WCAG 2.2 A and AA on a page."""
    rules = {
        "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]},
        "resultTypes": ["violations"],
    }

    def check(page: Page) -> None:
        found = Axe().run(page, options=rules).response["violations"]
        assert not found, "\n".join(
            f"{v['id']}: {v['help']}\n  " + "\n  ".join(n["html"][:200] for n in v["nodes"])
            for v in found
        )

    return check
