"""The main job in a real browser: from a resident's words to the staff map and back."""

import io
import re
import time
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

WORDS = "多摩川住宅の前の道路が冠水、車が動けません"
NUMBER = re.compile(r"\d{4}-\d{6}")


def photo() -> bytes:
    """A small photo."""
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), (60, 110, 150)).save(buffer, "JPEG")
    return buffer.getvalue()


def number_in(text: str) -> str:
    """The number that the resident was given."""
    found = NUMBER.search(text)
    assert found is not None, text
    return found.group()


def test_from_a_phone_to_the_map_and_back(
    phone: Page, staff: Page, accessible: Callable[[Page], None]
) -> None:
    staff.goto("/staff/map/")
    phone.goto("/message/")
    accessible(phone)
    phone.get_by_label("どこで、何が起きていますか").fill(WORDS)
    phone.get_by_label("写真").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    phone.get_by_role("button", name="送る", exact=True).click()
    row = staff.locator("table tbody tr", has_text="多摩川住宅").first
    expect(row).to_be_visible(timeout=10_000)
    answer = phone.get_by_text("受け付けました").first
    expect(answer).to_be_visible()
    number = number_in(answer.inner_text())
    expect(row).to_contain_text("今日中に対応")
    expect(row).to_contain_text("施設")
    accessible(staff)

    staff.goto(f"/staff/cases/{number}/")
    expect(staff.get_by_text(WORDS)).to_be_visible()
    staff.get_by_text("機械が判断した理由").click()
    expect(staff.get_by_text("「冠水」：浸水・氾濫")).to_be_visible()
    expect(staff.get_by_role("img", name=re.compile("届いた写真")).first).to_be_visible()
    accessible(staff)
    staff.get_by_text("終わらせる").click()
    note = staff.get_by_label("結果または理由")
    note.focus()
    staff.keyboard.type("排水が終わり、通れます。")
    staff.keyboard.press("Tab")
    staff.keyboard.press("Enter")
    expect(staff.get_by_text("対応済み").first).to_be_visible()
    expect(phone.get_by_text("排水が終わり、通れます。")).to_be_visible(timeout=10_000)


def test_an_unclear_place_is_asked_and_answered_without_javascript(plain: Page) -> None:
    plain.goto("/message/")
    plain.get_by_label("どこで、何が起きていますか").fill("床上まで水が来ています")
    plain.get_by_role("button", name="送る", exact=True).click()
    until = time.monotonic() + 10
    while plain.get_by_text("場所がわかると早く動けます").count() == 0:
        assert time.monotonic() < until
        plain.goto("/message/")
    plain.get_by_label("どこで、何が起きていますか").fill("国領町3丁目です")
    plain.get_by_role("button", name="送る", exact=True).click()
    while plain.get_by_text("ありがとうございます").count() == 0:
        assert time.monotonic() < until + 10
        plain.goto("/message/")
    assert "国領町三丁目" in plain.inner_text("#log")


@pytest.mark.parametrize(
    "path", ["/staff/", "/staff/cases/", "/staff/phone/", "/staff/voices/", "/staff/deliveries/"]
)
def test_staff_pages_are_accessible_and_narrow_enough(
    staff: Page, accessible: Callable[[Page], None], path: str
) -> None:
    staff.goto(path)
    accessible(staff)
    staff.set_viewport_size({"width": 320, "height": 640})
    assert staff.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_demonstration_phone_speaks_line(phone: Page) -> None:
    phone.goto("/demo/phone/")
    phone.get_by_label("メッセージ").fill("国領町4丁目で停電しています")
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.locator("#log")).to_contain_text("受け付けました", timeout=10_000)
    expect(phone.locator("#log")).to_contain_text("国領町四丁目")
