"""A real browser for the components of the shared look."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address; at the end no script may have failed and no policy been broken."""
    troubles: list[str] = []
    contexts = []

    def open_(url: str, width: int = 1280) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda said: (
                troubles.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []
