"""At three in the morning: one line on top of the residents' pages, by keyboard, in one action."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import DESK, House, new_context

WORDS = "多摩川の水位が上がっています。川の近くの方は、今のうちに避難所へ移ってください。"


@pytest.fixture
def plain_staff(browser: Browser, house: House, staff_state: Any) -> Iterator[Page]:
    """A page of the one in charge, without JavaScript."""
    with new_context(
        browser, house, viewport=DESK, storage_state=staff_state, java_script_enabled=False
    ) as context:
        yield context.new_page()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the button of that name has the focus."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == name:
            return
    raise AssertionError(f"Tab does not reach {name}")


def test_a_line_is_published_by_keyboard_and_withdrawn_without_javascript(
    staff: Page, plain_staff: Page, phone: Page, accessible: Callable[[Page], None]
) -> None:
    staff.goto("/staff/notices/")
    accessible(staff)
    staff.get_by_label("お知らせの文").focus()
    staff.keyboard.type(WORDS)
    staff.keyboard.press("Tab")
    for _ in ("警戒", "緊急"):
        staff.keyboard.press("ArrowDown")
    tab_to(staff, "出す")
    staff.keyboard.press("Enter")
    expect(staff.get_by_role("status").filter(has_text="住民のページに出しました")).to_be_visible()
    accessible(staff)

    for path in ("/", "/message/"):
        phone.goto(path)
        shown = phone.get_by_role("region", name="今出ている警報・お知らせ")
        expect(shown).to_contain_text(WORDS)
        expect(shown.get_by_role("heading")).to_contain_text("緊急のお知らせ")
        accessible(phone)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    plain_staff.goto("/staff/notices/")
    plain_staff.get_by_role("button", name=re.compile("取り下げる.*多摩川の水位")).click()
    expect(plain_staff.get_by_text("取り下げました")).to_be_visible()
    phone.goto("/")
    expect(phone.get_by_text(WORDS)).to_have_count(0)


def test_what_is_missing_is_said_without_javascript_and_nothing_is_lost(plain_staff: Page) -> None:
    plain_staff.goto("/staff/notices/")
    plain_staff.get_by_label("お知らせの文").fill(WORDS)
    plain_staff.get_by_label("いつまで出しますか").fill("2020-01-01T00:00")
    plain_staff.get_by_role("button", name="出す", exact=True).click()
    expect(plain_staff.get_by_role("alert")).to_contain_text("終わりの時刻は")
    expect(plain_staff.get_by_label("お知らせの文")).to_have_value(WORDS)
    plain_staff.set_viewport_size({"width": 320, "height": 640})
    assert plain_staff.evaluate("document.documentElement.scrollWidth") <= 320
