"""Kept pages: lifetime, limit, forgetting."""

from madoguchi.ui.cache import LIFETIME_S, Kept, Pages


def page(until: float = 10.0, body: bytes = b"x") -> Kept:
    return Kept(body, body, '"e"', (), until)


def test_a_page_lives_until_its_time() -> None:
    pages = Pages()
    pages.put((1, "ja", "/"), page(until=10.0))
    assert pages.get((1, "ja", "/"), 9.9) is not None
    assert pages.get((1, "ja", "/"), 10.0) is None


def test_towns_languages_and_paths_are_kept_apart() -> None:
    pages = Pages()
    pages.put((1, "ja", "/"), page(body=b"chofu"))
    assert pages.get((2, "ja", "/"), 0) is None
    assert pages.get((1, "en", "/"), 0) is None
    assert pages.get((1, "ja", "/help/"), 0) is None


def test_a_change_forgets_one_town_alone() -> None:
    pages = Pages()
    pages.put((1, "ja", "/"), page())
    pages.put((1, "en", "/help/"), page())
    pages.put((2, "ja", "/"), page())
    pages.forget(1)
    assert pages.get((1, "ja", "/"), 0) is None
    assert pages.get((1, "en", "/help/"), 0) is None
    assert pages.get((2, "ja", "/"), 0) is not None


def test_the_least_used_leaves_first() -> None:
    pages = Pages(limit=2)
    pages.put((1, "ja", "/a"), page())
    pages.put((1, "ja", "/b"), page())
    pages.get((1, "ja", "/a"), 0)
    pages.put((1, "ja", "/c"), page())
    assert pages.get((1, "ja", "/a"), 0) is not None
    assert pages.get((1, "ja", "/b"), 0) is None


def test_other_processes_follow_within_seconds() -> None:
    assert LIFETIME_S <= 10
