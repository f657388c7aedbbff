"""Kept pages: lifetime, limit, forgetting."""

from madoguchi.ui.cache import LIFETIME_S, Kept, Pages


def page(town_id: int = 1, until: float = 10.0, body: bytes = b"x") -> Kept:
    return Kept(town_id, body, body, '"e"', (), until)


def test_a_page_lives_until_its_time() -> None:
    pages = Pages()
    pages.put(("a.jp", "ja", "/"), page(until=10.0))
    assert pages.get(("a.jp", "ja", "/"), 9.9) is not None
    assert pages.get(("a.jp", "ja", "/"), 10.0) is None


def test_hosts_languages_and_paths_are_kept_apart() -> None:
    pages = Pages()
    pages.put(("a.jp", "ja", "/"), page(body=b"chofu"))
    assert pages.get(("b.jp", "ja", "/"), 0) is None
    assert pages.get(("a.jp", "en", "/"), 0) is None
    assert pages.get(("a.jp", "ja", "/help/"), 0) is None


def test_a_change_forgets_one_town_alone() -> None:
    pages = Pages()
    pages.put(("a.jp", "ja", "/"), page())
    pages.put(("a.jp", "en", "/help/"), page())
    pages.put(("b.jp", "ja", "/"), page(town_id=2))
    pages.forget(1)
    assert pages.get(("a.jp", "ja", "/"), 0) is None
    assert pages.get(("a.jp", "en", "/help/"), 0) is None
    assert pages.get(("b.jp", "ja", "/"), 0) is not None


def test_the_least_used_leaves_first() -> None:
    pages = Pages(limit=2)
    pages.put(("a.jp", "ja", "/a"), page())
    pages.put(("a.jp", "ja", "/b"), page())
    pages.get(("a.jp", "ja", "/a"), 0)
    pages.put(("a.jp", "ja", "/c"), page())
    assert pages.get(("a.jp", "ja", "/a"), 0) is not None
    assert pages.get(("a.jp", "ja", "/b"), 0) is None


def test_other_processes_follow_within_seconds() -> None:
    assert LIFETIME_S <= 10
