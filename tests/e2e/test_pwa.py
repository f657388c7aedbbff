"""The resident's pages as an app on a device, with and without a connection, in a real browser."""

import io
import os
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Page, Route, expect

from .conftest import PHONE, House, new_context, watched
from .relay import Relay
from .test_main_job import number_in

READY = "async () => { await navigator.serviceWorker.ready; return true; }"
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
SEND = "**/message/send"
NO_SYNC = "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', {value: null})"
WAITS = "まだ送信されていません"


def words() -> str:
    """A report that no other test has sent."""
    return f"国領町3丁目で停電しています（{uuid4().hex[:8]}）"


def photo(width: int = 2400, height: int = 1200) -> dict[str, Any]:
    """A large photo taken on its side in the middle of 調布, as a camera writes it."""
    notes = Image.Exif()
    notes[0x0112] = 6
    notes.get_ifd(0x8825).update(
        {1: "N", 2: (35.0, 39.0, 3.6), 3: "E", 4: (139.0, 32.0, 27.6), 0: b"\x02\x02\x00\x00"}
    )
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (60, 110, 150)).save(buffer, "JPEG", exif=notes)
    return {"name": "IMG_0001.JPG", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def rows(house: House, text: str) -> list[dict[str, Any]]:
    """The reports of the town with these words, each with its case and its photo."""
    (database,) = house.data.glob("*/madoguchi.sqlite3")
    asked = """
        SELECT i.id, i.sent_at, i.received_at, r.case_id, f.width, f.height, f.lat, f.lon
        FROM town_messages_inbound i
        LEFT JOIN disaster_report r ON r.inbound_id = i.id
        LEFT JOIN files_storedfile f ON f.id = i.file_id
        WHERE i.text LIKE ? || '%'"""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        store.row_factory = sqlite3.Row
        return [dict(row) for row in store.execute(asked, (text,))]


def open_app(page: Page) -> None:
    """The message page, when everything for bad days is on the device."""
    page.goto("/message/")
    page.evaluate(READY)
    page.wait_for_function(CONTROLLED)


def write(page: Page, text: str, **more: Any) -> None:
    """Fill the form and press the button."""
    page.get_by_label("どこで、何が起きていますか").fill(text)
    if more:
        page.get_by_label("写真").set_input_files(more["photo"])
    page.get_by_role("button", name="送る", exact=True).click()


def queue(page: Page) -> Any:
    """The part of the page that shows what waits on the device."""
    return page.get_by_role("region", name="この端末にあるメッセージ")


@contextmanager
def device(browser: Browser, house: House, folder: Path) -> Iterator[Page]:
    """A browser whose storage stays in ``folder`` when it is closed."""
    context = browser.browser_type.launch_persistent_context(
        folder,
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox"],
        base_url=house.url,
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        viewport=PHONE,
    )
    context.set_default_timeout(10_000)
    yield from watched(context)
    with suppress(Error):  # a test may have killed it
        context.close()


def test_written_without_a_connection_it_survives_the_browser_and_goes_once(
    browser: Browser, house: House, tmp_path: Path
) -> None:
    text = words()
    with device(browser, house, tmp_path) as page:
        open_app(page)
        page.context.set_offline(True)
        write(page, text, photo=photo())
        expect(queue(page)).to_contain_text(text)
        expect(queue(page)).to_contain_text(WAITS)
        expect(queue(page)).to_contain_text("写真があります")
        page.reload()
        expect(page.get_by_text("いまは通信できません").first).to_contain_text("に保存した内容です")
        expect(queue(page)).to_contain_text(text)
    assert rows(house, text) == []
    with device(browser, house, tmp_path) as page:
        page.goto("/message/")
        expect(page.get_by_role("log")).to_contain_text(text)
        expect(page.get_by_text("受付番号は").first).to_be_visible()
        expect(queue(page)).to_be_hidden()
    (row,) = rows(house, text)
    assert row["case_id"]
    assert (row["width"], row["height"]) == (800, 1600)  # smaller, and upright
    assert abs(row["lat"] - 35.651) < 1e-3  # the camera's notes came with it


def test_two_open_pages_send_it_once(browser: Browser, house: House) -> None:
    text = words()
    with new_context(browser, house, viewport=PHONE) as context:
        one, other = context.new_page(), context.new_page()
        for page in (one, other):
            open_app(page)
        posts: list[str] = []
        context.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
        context.set_offline(True)
        write(one, text)
        expect(queue(one)).to_contain_text(text)
        expect(queue(other)).to_contain_text(text)
        posts.clear()
        context.set_offline(False)
        for page in (one, other):
            expect(queue(page)).to_be_hidden()
        assert len(posts) == 1
        assert len(rows(house, text)) == 1


def test_an_answer_that_is_lost_makes_no_second_report(phone: Page, house: House) -> None:
    text = words()
    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    phone.add_init_script(NO_SYNC)
    open_app(phone)
    phone.route(SEND, lose_the_answer, times=1)
    write(phone, text)
    expect(phone.locator("#send-state")).to_have_text("送りました。", timeout=15_000)
    expect(queue(phone)).to_be_hidden()
    expect(phone.get_by_role("log")).to_contain_text(text)
    assert lost == [200]
    assert len(rows(house, text)) == 1


def test_a_browser_killed_while_sending_makes_no_second_report(
    browser: Browser, house: House, tmp_path: Path
) -> None:
    text = words()
    with device(browser, house, tmp_path) as page:
        page.add_init_script(NO_SYNC)
        open_app(page)
        arrived: list[bool] = []
        page.route(SEND, lambda route: arrived.append(route.fetch().ok))  # and no word back
        write(page, text)
        page.wait_for_timeout(500)
        assert arrived == [True]
        kill_browser_of(tmp_path)
    with device(browser, house, tmp_path) as page:
        page.goto("/message/")
        expect(page.get_by_role("log")).to_contain_text(text)
        expect(queue(page)).to_be_hidden()
    assert len(rows(house, text)) == 1


def kill_browser_of(folder: Path) -> None:
    """As if the battery had run out."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        with suppress(OSError):
            command = (entry / "cmdline").read_bytes().split(b"\0")
            if f"--user-data-dir={folder}".encode() in command:
                os.kill(int(entry.name), signal.SIGKILL)


def test_a_day_later_without_any_cookie_it_still_goes_with_its_time_of_writing(
    phone: Page, staff: Page, house: House
) -> None:
    text = words()
    now = datetime.now(UTC)
    open_app(phone)
    phone.context.set_offline(True)
    phone.clock.set_fixed_time(now - timedelta(hours=25))
    write(phone, text)
    expect(queue(phone)).to_contain_text(text)
    phone.clock.set_fixed_time(now)
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    expect(phone.get_by_role("log")).to_contain_text(text)
    expect(queue(phone)).to_be_hidden()
    (row,) = rows(house, text)
    late = datetime.fromisoformat(row["received_at"]) - datetime.fromisoformat(row["sent_at"])
    assert abs(late - timedelta(hours=25)) < timedelta(minutes=1)
    number = number_in(phone.get_by_text("受付番号は").last.inner_text())
    staff.goto(f"/staff/cases/{number}/")
    expect(staff.locator(".case-told")).to_contain_text(
        re.compile("書かれた時刻 .*時.*分（通信が戻ってから.*届きました）")
    )


def test_pages_are_there_without_a_connection_in_the_readers_language(
    phone: Page, accessible: Callable[[Page], None]
) -> None:
    open_app(phone)
    phone.goto("/language/en/?next=/")
    until(phone, SAVED.replace("LANGUAGE", 'class="lang-en"'))
    phone.context.set_offline(True)
    for path, seen in (
        ("/", "How can we help?"),
        ("/message/", "Tell the town"),
        ("/shelters/", "布田小学校"),
        ("/shelters/?q=x", "Searching will work again"),
        ("/contacts/", "171"),
        ("/help/", "How to use"),
    ):
        phone.goto(path)
        expect(phone.get_by_role("main")).to_contain_text("No connection now. This page was saved")
        expect(phone.get_by_role("main")).to_contain_text(seen)
    accessible(phone)
    kept = phone.evaluate(KEPT)
    assert not [url for url in kept if re.search("/(staff|accounts|files)/", url)]


SAVED = """(await Promise.all((await caches.keys()).map(async (name) =>
  (await (await (await caches.open(name)).match("/shelters/"))?.text())?.includes('LANGUAGE')
))).includes(true)"""
KEPT = """async () => (await Promise.all((await caches.keys()).map(
  async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)))).flat()"""


def test_what_waits_is_changed_and_deleted_by_keyboard(
    phone: Page, house: House, accessible: Callable[[Page], None]
) -> None:
    wrong, right, gone = words(), words(), words()
    open_app(phone)
    phone.context.set_offline(True)
    for text in (wrong, gone):
        write(phone, text)
        expect(queue(phone)).to_contain_text(text)
    expect(phone.locator("#send-state")).to_contain_text("この端末に保存しました")
    accessible(phone)
    item = queue(phone).get_by_role("listitem").filter(has_text=gone)
    item.get_by_role("button", name="消す").press("Enter")
    expect(queue(phone).get_by_role("listitem")).to_have_count(1)
    queue(phone).get_by_role("button", name="直す").press("Enter")
    field = phone.get_by_label("どこで、何が起きていますか")
    expect(field).to_be_focused()
    expect(field).to_have_value(wrong)
    write(phone, right)
    expect(queue(phone).get_by_role("listitem")).to_have_count(1)
    phone.context.set_offline(False)
    expect(queue(phone)).to_be_hidden()
    assert [len(rows(house, text)) for text in (wrong, right, gone)] == [0, 1, 0]


@pytest.mark.parametrize(
    "fault",
    [
        "Object.defineProperty(window, 'indexedDB', { get() { throw new Error('blocked'); } })",
        "IDBObjectStore.prototype.put = () => { throw new Error('full'); }",
    ],
    ids=["blocked", "full"],
)
def test_where_nothing_can_be_kept_the_words_stay_in_the_form_and_go_at_once(
    phone: Page, house: House, fault: str
) -> None:
    text = words()
    phone.add_init_script(fault)
    open_app(phone)
    phone.context.set_offline(True)
    write(phone, text)
    expect(phone.locator("#send-state")).to_contain_text("書いた内容は、この画面に残っています")
    expect(phone.get_by_label("どこで、何が起きていますか")).to_have_value(text)
    expect(phone.locator("#queue-none")).to_be_visible(visible="blocked" in fault)
    phone.context.set_offline(False)
    phone.get_by_role("button", name="送る", exact=True).click()
    expect(phone.get_by_role("log")).to_contain_text(text)
    expect(phone.get_by_label("どこで、何が起きていますか")).to_have_value("")
    assert len(rows(house, text)) == 1


def test_a_photo_that_is_refused_is_told_and_the_words_arrive(phone: Page, house: House) -> None:
    text = words()
    open_app(phone)
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64
    write(phone, text, photo={"name": "IMG.HEIC", "mimeType": "image/heic", "buffer": heic})
    expect(queue(phone)).to_contain_text("文章は届きました。写真は届いていません")
    expect(phone.get_by_role("log")).to_contain_text(text)
    assert len(rows(house, text)) == 1
    queue(phone).get_by_role("button", name="わかりました").click()
    expect(queue(phone)).to_be_hidden()


def test_a_shared_device_forgets_everything(phone: Page, house: House) -> None:
    text = words()
    open_app(phone)
    write(phone, text)
    expect(phone.get_by_role("log")).to_contain_text(text)
    phone.get_by_text("ほかの人も使う端末のとき").click()
    phone.get_by_role("button", name="この端末から消す").click()
    expect(phone.get_by_text(text)).to_have_count(0)
    phone.wait_for_function("() => self.madoguchiQueue")
    assert phone.evaluate("madoguchiQueue.all()") == []
    phone.reload()
    expect(phone.get_by_text(text)).to_have_count(0)


def test_a_new_version_takes_over_by_itself_and_a_town_can_take_all_back(
    browser: Browser, house: House
) -> None:
    with Relay(house.url) as relay, browser.new_context(base_url=relay.url) as context:
        page = context.new_page()
        open_app(page)
        (old,) = page.evaluate("caches.keys()")
        relay.change = newer
        page.reload()  # browsers look for a new service worker at every visit
        until(page, "(await caches.keys()).join() === 'shell-newer'")
        assert old != "shell-newer"
        relay.change = away
        page.reload()
        expect(page.get_by_text("いまは通信できません")).to_be_visible()
        relay.change = retired
        page.reload()
        until(page, "(await caches.keys()).length === 0")
        until(page, "(await navigator.serviceWorker.getRegistrations()).length === 0")


def newer(path: str, body: bytes) -> tuple[int, bytes]:
    """The service worker as the next release has it."""
    if path != "/app/worker.js":
        return 200, body
    return 200, re.sub(b'"version": "[^"]*"', b'"version": "newer"', body)


def away(path: str, body: bytes) -> tuple[int, bytes]:
    """The house does not answer its proxy."""
    return 502, b"Bad Gateway"


def retired(path: str, body: bytes) -> tuple[int, bytes]:
    """What a town answers that has switched the pages on devices off."""
    if path == "/app/worker.js":
        return 200, b'importScripts("/static/channels_web/retire.js");'
    return 200, body.replace(b"data-worker", b"data-none")


def until(page: Page, script: str, seconds: float = 10) -> None:
    """Wait for an expression with await in it, which the browser's own waiting takes for true."""
    end = time.monotonic() + seconds
    while not page.evaluate(f"async () => {script}"):
        assert time.monotonic() < end, script
        page.wait_for_timeout(50)
