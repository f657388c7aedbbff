"""The pictures of README and the guides, taken anew from a demonstration: docs/pictures/*.png.

Run ``.venv/bin/python -m scripts.pictures`` in the root of the repository, after ``make test`` has
brought the browser. All words are made up; the map is drawn from the town's own open data.
"""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright
from tests.e2e.conftest import DESK, PHONE, House, chromium, new_context, open_house

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
MAX_BYTES = 200_000
COLOURS = 256
SCENE = ((192, 205, 214), (122, 134, 120), (104, 110, 96), (138, 128, 104))
MAIN = "多摩川住宅の前の道路が冠水、車が動けません"
OTHERS = (
    "多摩川住宅の道路、ひざまで水があります",
    "染地3丁目で床上まで水が来ています。2階にいます。母が動けません",
    "京王多摩川駅の近くで家から火が出ています",
    "布田5丁目で電柱が倒れて道をふさいでいます",
    "深大寺元町5丁目で崖が崩れて道路が通れません",
    "つつじヶ丘駅の地下通路が水没して通れません",
    "国領町4丁目で停電しています",
    "菊野台1丁目で断水しています。給水車はいつ来ますか",
    "西つつじヶ丘2丁目のブロック塀が倒れました",
    "入間町の信号が消えています",
    "味の素スタジアムで爆発があったらしいです。拡散希望",
)


def flooded_road() -> bytes:
    """A drawn photo: houses, a grey sky, brown water over the road."""
    sky, roof, wall, water = SCENE
    scene = Image.new("RGB", (960, 600), sky)
    draw = ImageDraw.Draw(scene)
    for left, top in ((40, 190), (330, 150), (640, 210)):
        draw.rectangle((left, top + 70, left + 240, 420), fill=wall)
        draw.polygon([(left - 20, top + 75), (left + 120, top), (left + 260, top + 75)], fill=roof)
    draw.rectangle((0, 380, 960, 600), fill=water)
    for line in range(400, 600, 28):
        draw.line((0, line, 960, line + 6), fill=(158, 148, 124), width=5)
    draw.rounded_rectangle((420, 350, 640, 450), 26, fill=(206, 208, 212))
    draw.rounded_rectangle((468, 306, 600, 372), 20, fill=(88, 98, 108))
    kept = io.BytesIO()
    scene.save(kept, "JPEG")
    return kept.getvalue()


@contextmanager
def visitor(browser: Browser, house: House, **options: object) -> Iterator[Page]:
    """A page of its own cookies at the width of a telephone."""
    chosen = {"viewport": PHONE, "device_scale_factor": 1.5} | options
    with new_context(browser, house, **chosen) as context:
        yield context.new_page()


def tell(page: Page, words: str, photo: bytes = b"") -> None:
    """Send words from the page of residents and wait for the answer."""
    page.goto("/message/")
    page.get_by_label("どこで、何が起きていますか").fill(words)
    if photo:
        picture = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo}
        page.get_by_label("写真").set_input_files(picture)
    page.get_by_role("button", name="送る", exact=True).click()
    page.get_by_role("log").get_by_text("受付番号は").last.wait_for()


def keep(name: str, taken: bytes) -> None:
    """Write a picture with few colours; fails when it is too large for a page."""
    kept = FOLDER / name
    Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS).save(kept, optimize=True)
    size = kept.stat().st_size
    assert size < MAX_BYTES, f"{name}: {size} bytes"
    print(f"{name}: {size} bytes")


def take(browser: Browser, house: House) -> None:
    """All pictures, in the order of the story."""
    with visitor(browser, house) as staff:
        staff.goto(house.staff_link)
        staff.get_by_role("main").get_by_role("button").first.click()
        staff.wait_for_url("**/staff/")
        inside = staff.context.storage_state()
    for words in OTHERS:
        with visitor(browser, house) as neighbour:
            tell(neighbour, words)
    with visitor(browser, house) as resident:
        tell(resident, MAIN, flooded_road())
        resident.evaluate("scrollTo(0, 0)")
        below = resident.get_by_role("heading", name="メッセージを送る").bounding_box()
        assert below is not None
        clip = {"x": 0, "y": 0, "width": PHONE["width"], "height": below["y"] - 16}
        keep("resident-message.png", resident.screenshot(full_page=True, clip=clip))
    with visitor(browser, house, viewport={"width": 540, "height": 1000}) as phone:
        phone.goto("/demo/phone/")
        phone.get_by_label("メッセージ").fill("木が倒れて道をふさいでいます")
        phone.get_by_role("button", name="送る", exact=True).click()
        phone.get_by_role("link", name="いまいる場所を送る").wait_for()
        phone.evaluate("scrollTo(0, 0)")
        shown = phone.locator("#phone").bounding_box()
        photo = phone.get_by_text("写真（JPEG・PNG）").bounding_box()
        assert shown is not None
        assert photo is not None
        keep(
            "demo-phone.png",
            phone.screenshot(full_page=True, clip=shown | {"height": photo["y"] - 12 - shown["y"]}),
        )
    with visitor(
        browser, house, viewport=DESK, device_scale_factor=1, storage_state=inside
    ) as staff:
        staff.goto("/staff/map/")
        staff.wait_for_selector("#map-app[data-map=ready][data-loaded=yes]")
        row = staff.locator("[data-part=rows] tr", has_text="多摩川住宅").first
        row.locator("td").last.click()
        staff.wait_for_timeout(2000)  # the map moves to the place
        keep("staff-map.png", staff.screenshot())
        row.get_by_role("link").first.click()
        staff.get_by_text("機械が判断した理由").first.click()
        keep("staff-case.png", staff.screenshot())


def main() -> None:
    """Serve a demonstration, take the pictures, end it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = open_house(Path(folder))
        try:
            with chromium(playwright) as browser:
                take(browser, house)
        finally:
            house.process.terminate()
            house.process.wait(timeout=10)


if __name__ == "__main__":
    main()
