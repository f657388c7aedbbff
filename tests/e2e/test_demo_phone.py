"""The demonstration phone in a real browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_the_phone_asks_for_the_place_takes_it_and_can_be_blocked(
    phone: Page, accessible: Callable[[Page], None]
) -> None:
    phone.goto("/demo/phone/")
    phone.get_by_role("link", name="住民C").click()
    accessible(phone)
    phone.get_by_label("メッセージ").fill("床上まで水が来ています")
    phone.get_by_role("button", name="送る", exact=True).click()
    log = phone.get_by_role("log")
    expect(log).to_contain_text("場所がわかると早く動けます", timeout=10_000)
    accessible(phone)
    log.get_by_role("link", name="いまいる場所を送る").click()
    expect(phone.get_by_label("場所", exact=True)).to_be_focused()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(log).to_contain_text("位置情報：調布市役所", timeout=10_000)
    expect(log).to_contain_text("ありがとうございます", timeout=10_000)
    phone.get_by_role("button", name="この窓口をブロックする").click()
    expect(phone.get_by_text("窓口からのお知らせは届きません")).to_be_visible()
    expect(phone.get_by_label("メッセージ")).to_have_count(0)
    accessible(phone)
    phone.set_viewport_size({"width": 320, "height": 640})
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    phone.get_by_role("button", name="友だちに追加する").click()
    expect(phone.get_by_label("メッセージ")).to_be_visible()


def test_the_phone_works_without_javascript(plain: Page) -> None:
    plain.goto("/demo/phone/")
    plain.get_by_role("link", name="住民D").click()
    plain.get_by_label("メッセージ").fill("国領町4丁目で停電しています")
    plain.get_by_role("button", name="送る", exact=True).click()
    for _ in range(50):
        if plain.get_by_text("受け付けました").count():
            break
        plain.wait_for_timeout(200)
        plain.reload()
    expect(plain.get_by_role("log")).to_contain_text("国領町四丁目")
