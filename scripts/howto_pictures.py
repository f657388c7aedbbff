"""The pictures of "how to use it": real screens of a demonstration, where to press ringed in red.

Run ``.venv/bin/python -m scripts.howto_pictures`` in the root of the repository, after ``make
assets``. One picture a step and language, small enough for a slow connection.
"""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from scripts.pictures import flooded_road
from tests.e2e.conftest import House, chromium, new_context, open_house

FOLDER = Path(__file__).resolve().parent.parent / "src/madoguchi/web/static/web/howto"
WIDTH, HEIGHT = 390, 520
MAX_BYTES = 60_000
SLOW_MS = 60_000
RED = (200, 0, 30)
LANGUAGES = ("ja", "easy", "en")
PHONES = {"contact_phone": "042-000-1111", "help_phone": "042-000-2222"}
WHAT = {
    "ja": "道路が冠水して、車が動けません",
    "easy": "道に水があって、車が動きません",
    "en": "The road is flooded and cars cannot move",
}
TOLD = {
    "ja": "多摩川住宅の前の道路が冠水、車が動けません",
    "easy": "多摩川住宅の前の道に水があって、車が動きません",
    "en": "The road in front of 多摩川住宅 is flooded and cars cannot move",
}
PLACE = "布田5丁目"


@contextmanager
def visitor(browser: Browser, house: House, language: str) -> Iterator[Page]:
    """A telephone of its own cookies, in a language."""
    size = {"width": WIDTH, "height": 844}
    with new_context(browser, house, viewport=size, has_touch=True) as context:
        context.set_default_timeout(SLOW_MS)
        page = context.new_page()
        page.goto(f"/language/{language}/?next=/")
        yield page


class Album:
    """The pictures of one language."""

    def __init__(self, language: str) -> None:
        self.folder = FOLDER / language
        self.folder.mkdir(parents=True, exist_ok=True)

    def keep(self, name: str, page: Page, ringed: Locator) -> None:
        """The screen around ``ringed``, which is where to press or look."""
        box = ringed.bounding_box()
        assert box is not None, name
        page.evaluate("scrollTo(0, 0)")
        box = ringed.bounding_box()
        assert box is not None
        bottom = page.evaluate("document.documentElement.scrollHeight")
        top = min(max(0.0, box["y"] + box["height"] / 2 - HEIGHT * 0.55), max(0, bottom - HEIGHT))
        clip = {"x": 0, "y": top, "width": WIDTH, "height": HEIGHT}
        shot = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip))).convert("RGB")
        left, high = max(2.0, box["x"] - 5), max(2.0, box["y"] - top - 5)
        right = min(WIDTH - 3.0, box["x"] + box["width"] + 5)
        low = min(HEIGHT - 3.0, box["y"] - top + box["height"] + 5)
        ImageDraw.Draw(shot).rounded_rectangle((left, high, right, low), 10, outline=RED, width=4)
        path = self.folder / f"{name}.webp"
        shot.save(path, "WEBP", quality=70, method=6)
        assert path.stat().st_size < MAX_BYTES, f"{name}: {path.stat().st_size} bytes"


def take(browser: Browser, house: House, language: str) -> None:
    """All pictures of one language, in the order of the guides."""
    album = Album(language)
    with visitor(browser, house, language) as page:
        _line(album, page, language)
    with visitor(browser, house, language) as page:
        _web(album, page, language)
    with visitor(browser, house, language) as page:
        _photo(album, page)
    with visitor(browser, house, language) as page:
        _shelter(album, page)
    with visitor(browser, house, language) as page:
        page.goto("/")
        album.keep("phone-1", page, page.locator(".calls"))
        page.goto("/contacts/")
        album.keep("phone-2", page, page.locator("#hall ~ dl .tel").first)
        page.goto("/language/ja/?next=/")
        album.keep("language-1", page, page.locator(".languages"))
        page.goto("/language/en/?next=/")
        album.keep("language-2", page, page.locator("main h1"))


def _line(album: Album, page: Page, language: str) -> None:
    """On the stand-in for LINE, each language with the telephone of another person."""
    page.goto("/demo/phone/")
    page.locator(".phone-people a").nth(LANGUAGES.index(language)).click()
    page.locator("#id_text").fill(WHAT[language])
    album.keep("line-1", page, page.locator("#id_text"))
    for step, words in (("line-2", WHAT[language]), ("line-3", PLACE)):
        page.locator("#id_text").fill(words)
        page.locator("#write button[type=submit]").click()
        page.locator(".phone-mine", has_text=words).first.wait_for()
        page.locator("#lines li:last-child.phone-town").wait_for()
        album.keep(step, page, page.locator(".phone-town").last)


def _web(album: Album, page: Page, language: str) -> None:
    page.goto("/")
    album.keep("web-1", page, page.locator(".card-first a"))
    page.goto("/message/")
    page.locator("#id_text").fill(TOLD[language])
    album.keep("web-2", page, page.locator("#id_text"))
    page.locator("#message-form button[type=submit]").click()
    page.locator("#log").get_by_text("2026-").last.wait_for()
    album.keep("web-3", page, page.locator("#log .talk-town").last)


def _photo(album: Album, page: Page) -> None:
    page.goto("/message/")
    page.locator("#id_text").fill("道路が冠水しています")
    page.locator("#id_where").fill(PLACE)
    album.keep("photo-1", page, page.locator("#id_where"))
    picture = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": flooded_road()}
    page.locator("#id_photo").set_input_files(picture)
    album.keep("photo-2", page, page.locator("#id_photo"))
    page.locator("#message-form button[type=submit]").click()
    page.locator("#log").get_by_text("2026-").last.wait_for()
    album.keep("photo-3", page, page.locator("#log .talk-picture").last)


def _shelter(album: Album, page: Page) -> None:
    page.goto("/")
    album.keep("shelter-1", page, page.locator("a[href='/shelters/']").first)
    page.goto("/shelters/")
    page.locator("#address").fill(PLACE)
    album.keep("shelter-2", page, page.locator("#address"))
    page.locator("form.search button").click()
    page.wait_for_load_state()
    album.keep("shelter-3", page, page.locator("main tbody tr").first)


def set_phones(browser: Browser, house: House) -> None:
    """Invented telephone numbers, as the town's manager would enter them."""
    with new_context(browser, house) as context:
        context.set_default_timeout(SLOW_MS)
        page = context.new_page()
        page.goto(house.staff_link)
        page.get_by_role("main").get_by_role("button").first.click()
        page.wait_for_url("**/staff/")
        page.goto("/staff/paper/addresses/")
        for name, number in PHONES.items():
            page.locator(f"#id_{name}").fill(number)
        page.locator("main form button").click()
        page.wait_for_load_state()


def main() -> None:
    """Serve a demonstration, take the pictures, end it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = open_house(Path(folder))
        try:
            with chromium(playwright) as browser:
                set_phones(browser, house)
                for language in LANGUAGES:
                    take(browser, house, language)
        finally:
            house.process.terminate()
            house.process.wait(timeout=10)
    sizes = [path.stat().st_size for path in FOLDER.rglob("*.webp")]
    print(f"{len(sizes)} pictures, {sum(sizes)} bytes, the largest {max(sizes)}")


if __name__ == "__main__":
    main()
