"""What staff does at the counter, and what the sender hears of it, in a real browser."""

import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

from playwright.sync_api import Browser, Page, expect

from .conftest import PHONE, House, new_context
from .test_main_job import number_in

SYMBOLS = """async () => {
  const { drawSymbol, URGENCY } = await import("/static/ui/map/symbols.mjs");
  const grey = ({ data }) => Array.from({ length: data.length / 4 }, (_, at) => {
    const [red, green, blue, alpha] = data.slice(4 * at, 4 * at + 4);
    return alpha < 128 ? 2 : (0.3 * red + 0.59 * green + 0.11 * blue > 140 ? 1 : 0);
  });
  return Object.keys(URGENCY).map((urgency) => grey(drawSymbol(Number(urgency), false, false)));
}"""


MARKS = """async () =>
  (await document.querySelector("#map-app").madoguchiMap.getSource("cases").getData()).features"""


def tell(page: Page, words: str) -> str:
    """Send words from the page of a resident; returns the number that was given."""
    page.goto("/message/")
    page.get_by_label("どこで、何が起きていますか").fill(words)
    page.get_by_role("button", name="送る", exact=True).click()
    answer = page.get_by_role("log").get_by_text("受付番号は").last
    expect(answer).to_be_visible(timeout=15_000)
    return number_in(answer.inner_text())


def heard(page: Page, words: str) -> None:
    """The page of the sender shows the words by itself."""
    expect(page.get_by_role("log").get_by_text(words).last).to_be_visible(timeout=10_000)


def tab_to(page: Page, matches: str, most: int = 60) -> None:
    """Press Tab until what has the focus matches the CSS selector."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("matches => document.activeElement.matches(matches)", matches):
            return
    raise AssertionError(f"Tab does not reach {matches}")


def test_the_sender_hears_of_every_step(
    phone: Page,
    staff: Page,
    browser: Browser,
    house: House,
    accessible: Callable[[Page], None],
) -> None:
    number = tell(phone, "布田5丁目でブロック塀が倒れて道をふさいでいます")
    with new_context(browser, house, viewport=PHONE) as context:
        neighbour = context.new_page()
        other = tell(neighbour, "下石原3丁目で断水しています")

        staff.goto(f"/staff/cases/{number}/")
        staff.get_by_role("button", name="確認した").click()
        expect(staff.get_by_role("status")).to_contain_text("確認済みにしました")
        staff.get_by_label("課", exact=True).select_option(index=1)
        department = staff.get_by_label("課", exact=True).locator("option:checked").inner_text()
        staff.get_by_role("button", name="担当にする").click()
        heard(phone, f"{department}が担当します")

        staff.get_by_text("場所を直す").click()
        expect(staff.locator(".picker .maplibregl-marker")).to_be_visible()
        staff.get_by_label("住所・建物・駅など").fill("国領町8丁目")
        staff.get_by_role("button", name="この場所にする").click()
        heard(phone, "場所を「調布市国領町八丁目」に直しました")
        staff.get_by_text("場所を直す").click()
        expect(staff.locator(".picker .maplibregl-marker")).to_be_visible()
        staff.locator(".picker canvas").click(position={"x": 120, "y": 90})
        expect(staff.get_by_text("印を置きました")).to_be_visible()
        accessible(staff)
        staff.get_by_role("button", name="この場所にする").click()
        expect(staff.locator(".case-head")).to_contain_text("地点・半径30m・確認済み")

        staff.get_by_text("同じ内容の案件とまとめる").click()
        into = staff.get_by_label("まとめ先の受付番号")
        if not into.is_visible():  # near cases open this part by themselves
            staff.get_by_text("同じ内容の案件とまとめる").click()
        into.fill(other)
        staff.get_by_role("button", name="まとめる", exact=True).click()
        heard(phone, f"これからは受付番号 {other} でお知らせします")

        staff.goto(f"/staff/cases/{other}/")
        expect(staff.locator(".case-told article")).to_have_count(2)
        staff.get_by_text("終わらせる").click()
        staff.get_by_label("結果または理由").fill("塀を片付け、通れます。")
        staff.get_by_role("button", name="対応が終わった").click()
        for sender in (phone, neighbour):
            heard(sender, "塀を片付け、通れます。")


def test_by_keyboard_alone_from_the_map_and_its_list_to_the_settled_case(
    phone: Page, staff: Page
) -> None:
    number = tell(phone, "緑ケ丘2丁目で倒木があり通れません")
    staff.goto("/staff/map/")
    staff.wait_for_selector("#map-app[data-map=ready][data-loaded=yes]")
    tab_to(staff, "#map-text")
    staff.keyboard.type(number)
    row = staff.locator("[data-part=rows] tr")
    expect(row).to_have_count(1)
    assert [mark["properties"]["symbol"] for mark in staff.evaluate(MARKS)] == ["u2"]
    tab_to(staff, "[data-part=rows] a")
    expect(row).to_have_class(re.compile("row-selected"))
    staff.keyboard.press("Enter")
    expect(staff).to_have_url(re.compile(f"/staff/cases/{number}/"))
    tab_to(staff, "button[value=see]")
    staff.keyboard.press("Enter")
    expect(staff.locator(".case-head")).to_contain_text("確認済み")
    tab_to(staff, "details:has(#settle-note) > summary")
    staff.keyboard.press("Enter")
    tab_to(staff, "#settle-note")
    staff.keyboard.type("木を切って片付けました。")
    tab_to(staff, "button[value=settle]")
    staff.keyboard.press("Enter")
    expect(staff.locator(".case-head")).to_contain_text("対応済み")
    heard(phone, "木を切って片付けました。")


def test_urgency_shows_on_the_map_without_colour(staff: Page) -> None:
    staff.goto("/staff/")
    pictures: list[list[int]] = staff.evaluate(SYMBOLS)
    assert len(pictures) == 4
    for one, other in combinations(pictures, 2):
        differing = sum(a != b for a, b in zip(one, other, strict=True))
        assert differing > 0.05 * len(one)


def test_no_page_is_cut_at_400_percent_nor_shuts_anybody_out(
    browser: Browser, house: House, staff_state: Any, phone: Page, accessible: Callable[..., None]
) -> None:
    number = tell(phone, "仙川町1丁目で信号が消えています")
    public = ["/", "/message/", "/shelters/", "/contacts/", "/help/", "/about/", "/nothing/"]
    doors = ["/accounts/login/", "/staff/enter/used-up/", "/demo/phone/"]
    for paths, state in (
        (public + doors, phone.context.storage_state()),
        (["/staff/map/", f"/staff/cases/{number}/"], staff_state),
    ):
        with new_context(
            browser, house, viewport={"width": 320, "height": 640}, storage_state=state
        ) as context:
            page = context.new_page()
            for path in paths:
                page.goto(path)
                assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
                accessible(page)


def test_dark_pages_and_other_languages_shut_nobody_out(
    browser: Browser, house: House, staff_state: Any, accessible: Callable[[Page], None]
) -> None:
    with new_context(
        browser, house, viewport=PHONE, color_scheme="dark", storage_state=staff_state
    ) as context:
        page = context.new_page()
        for path in ("/", "/staff/", "/staff/cases/"):
            page.goto(path)
            accessible(page)
        for language, words in (("easy", "どこで、何が ありましたか"), ("en", "What is happening")):
            page.goto(f"/language/{language}?next=/message/")
            expect(page.get_by_label(words)).to_be_visible()
            accessible(page)
