"""The staff map in a real browser: map and list are one."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.e2e.ui.map_page import MapServer, case

Open = Callable[..., Page]
READY = "#map-app[data-map=ready][data-loaded=yes]"
CASES = [
    case(1, urgency=1, state="seen"),
    case(2, urgency=3, categories=["flood"], title="車が動けません"),
    case(3, urgency=2, doubtful=True),
    case(4, urgency=2, lat=None, lon=None, accuracy="none", radius_m=0, ask_pending=True),
    case(5, urgency=3, state="done", title="終わった知らせ"),
]


def shown(page: Page) -> list[str]:
    """Titles in the list, from the top."""
    return page.locator("[data-part=rows] th a").all_text_contents()


def on_the_map(page: Page) -> list[int]:
    """Ids of the cases that the map was given."""
    data: dict[str, Any] = page.evaluate(
        "document.querySelector('#map-app').madoguchiMap.getSource('cases').getData()"
    )
    return sorted(feature["id"] for feature in data["features"])


def test_the_list_holds_what_the_map_shows_most_pressing_first(open_page: Open) -> None:
    with MapServer(CASES) as server:
        page = open_page(server.url)
        page.wait_for_selector(READY)
        expect(page.locator("[data-part=rows] tr")).to_have_count(4)
        assert shown(page) == ["車が動けません", "知らせ4", "知らせ3", "知らせ1"]
        assert on_the_map(page) == [1, 2, 3]
        expect(page.locator("[data-part=count]")).to_contain_text("場所不明） 1 件")


@pytest.mark.parametrize(
    ("act", "titles", "ids"),
    [
        (lambda p: p.select_option("[name=category]", "flood"), ["車が動けません"], [2]),
        (lambda p: p.check("[name=doubtful]"), ["知らせ3"], [3]),
        (lambda p: p.check("[name=needs_place]"), ["知らせ4"], []),
        (
            lambda p: p.uncheck("[name=urgency][value='3']"),
            ["知らせ4", "知らせ3", "知らせ1"],
            [1, 3],
        ),
        (lambda p: p.select_option("[name=state]", "done"), ["終わった知らせ"], [5]),
        (lambda p: p.fill("[name=text]", "車"), ["車が動けません"], [2]),
    ],
    ids=["category", "doubtful", "needs place", "urgency", "state", "text"],
)
def test_a_filter_changes_map_and_list(
    open_page: Open, act: Callable[[Page], object], titles: list[str], ids: list[int]
) -> None:
    with MapServer(CASES) as server:
        page = open_page(server.url)
        page.wait_for_selector(READY)
        act(page)
        expect(page.locator("[data-part=rows] th a")).to_have_text(titles)
        assert on_the_map(page) == ids


def test_a_new_case_comes_by_itself_and_is_said(open_page: Open) -> None:
    with MapServer(CASES) as server:
        page = open_page(server.url)
        page.wait_for_selector(READY)
        server.changes = [case(9, urgency=3, title="救助を求めています", updated=1_790_000_000)]
        first = page.locator("[data-part=rows] th a").first
        expect(first).to_have_text("救助を求めています", timeout=10_000)
        expect(page.locator("[data-part=news]")).to_contain_text("命の危険 1 件")
        assert 9 in on_the_map(page)
        assert server.asked[0] == "5"


def test_a_lost_connection_is_said_with_the_time_and_found_again(open_page: Open) -> None:
    with MapServer(CASES) as server:
        page = open_page(server.url)
        page.wait_for_selector(READY)
        server.down = True
        status = page.locator("[data-part=status]")
        expect(status).to_contain_text("つながっていません。最後の更新", timeout=10_000)
        expect(status).to_have_attribute("role", "alert")
        expect(page.locator("[data-part=rows] tr")).to_have_count(4)
        server.down = False
        expect(status).to_contain_text("つながっています", timeout=20_000)


def test_an_ended_sign_in_is_said(open_page: Open) -> None:
    with MapServer(CASES) as server:
        page = open_page(server.url)
        page.wait_for_selector(READY)
        server.signed_out = True
        status = page.locator("[data-part=status]")
        expect(status).to_contain_text("サインインが切れました", timeout=10_000)


def test_with_the_keyboard_alone(open_page: Open) -> None:
    with MapServer(CASES) as server:
        page = open_page(server.url)
        page.wait_for_selector(READY)
        page.focus("[data-part=next]")
        page.keyboard.press("n")
        expect(page.locator(":focus")).to_have_text("車が動けません")
        expect(page.locator(".row-selected th a")).to_have_text("車が動けません")
        page.keyboard.press("n")
        expect(page.locator(":focus")).to_have_text("知らせ4")
        page.keyboard.press("ArrowDown")
        expect(page.locator(":focus")).to_have_text("知らせ3")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff/cases/2026-00002/")


def test_typing_n_into_the_search_stays_a_letter(open_page: Open) -> None:
    with MapServer(CASES) as server:
        page = open_page(server.url)
        page.wait_for_selector(READY)
        page.focus("[name=text]")
        page.keyboard.press("n")
        expect(page.locator("[name=text]")).to_have_value("n")
        expect(page.locator(".row-selected")).to_have_count(0)


def test_a_press_on_the_map_marks_the_row_and_draws_the_circle(open_page: Open) -> None:
    with MapServer([case(1), case(2, lat=35.66, lon=139.55, radius_m=400)]) as server:
        page = open_page(server.url)
        page.wait_for_selector(READY)
        app = "document.querySelector('#map-app').madoguchiMap"
        move = f"{app}.jumpTo({{center: [139.55, 35.66], zoom: 16}})"
        page.evaluate(f"new Promise((done) => {{ {app}.once('idle', () => done()); {move}; }})")
        box = page.locator("#map canvas").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page.locator(".row-selected th a")).to_have_text("知らせ2")
        ring = page.evaluate(f"{app}.getSource('accuracy').getData()")
        north = max(lat for _, lat in ring["geometry"]["coordinates"][0])
        # 400 m of latitude: a degree is 110.9 km there
        assert (north - 35.66) * 110_900 == pytest.approx(400, abs=4)


def test_a_row_moves_the_map(open_page: Open) -> None:
    with MapServer(CASES) as server:
        page = open_page(server.url)
        page.wait_for_selector(READY)
        page.emulate_media(reduced_motion="reduce")
        page.get_by_role("link", name="知らせ3").focus()
        target = CASES[2]
        page.wait_for_function(
            """([lat, lon]) => {
              const at = document.querySelector("#map-app").madoguchiMap.getCenter();
              return Math.abs(at.lat - lat) < 1e-3 && Math.abs(at.lng - lon) < 1e-3;
            }""",
            arg=[target["lat"], target["lon"]],
        )


@pytest.mark.parametrize("width", [1280, 320])
def test_nobody_is_shut_out(open_page: Open, width: int) -> None:
    with MapServer(CASES) as server:
        page = open_page(server.url, width=width)
        page.wait_for_selector(READY)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["target"]) for v in found] == []


def test_print_holds_a_picture_of_the_map(open_page: Open) -> None:
    with MapServer(CASES) as server:
        page = open_page(server.url)
        page.wait_for_selector(READY)
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        picture = page.locator("[data-part=picture]")
        expect(picture).to_be_visible()
        assert page.evaluate("document.querySelector('[data-part=picture]').naturalWidth") > 100
        expect(page.locator("#map")).to_be_hidden()


def test_without_webgl_the_list_does_everything(browser: Browser) -> None:
    with MapServer(CASES) as server:
        page = browser.new_page()
        page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        page.goto(server.url)
        expect(page.locator("[data-part=no-map]")).to_be_visible()
        expect(page.locator("[data-part=rows] tr")).to_have_count(4)
        page.check("[name=doubtful]")
        expect(page.locator("[data-part=rows] th a")).to_have_text(["知らせ3"])
        page.close()
