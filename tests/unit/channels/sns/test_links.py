"""Addresses of posts, however they were copied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.channels.sns import links, mastodon
from madoguchi.channels.sns.data import Network


@pytest.mark.parametrize(
    ("url", "network", "identity"),
    [
        ("https://x.com/hanako/status/1945678?s=20&t=abc", Network.X, "1945678"),
        ("https://twitter.com/hanako/status/1945678", Network.X, "1945678"),
        ("http://mobile.twitter.com/hanako/status/1945678/photo/1", Network.X, "1945678"),
        ("https://x.com/i/web/status/1945678", Network.X, "1945678"),
        ("https://www.instagram.com/p/Cabc_-1/?igsh=1", Network.INSTAGRAM, "Cabc_-1"),
        ("https://instagram.com/hanako/reel/Cabc/", Network.INSTAGRAM, "Cabc"),
        (
            "https://bsky.app/profile/did:plc:abc/post/3mz",
            Network.BLUESKY,
            "did:plc:abc/3mz",
        ),
    ],
)
def test_the_same_post_has_one_name(url: str, network: Network, identity: str) -> None:
    assert links.network_of(url) is network
    assert links.identity(network, url) == identity


def test_a_post_of_mastodon_is_named_as_its_server_names_it() -> None:
    url = "https://mastodon.example/@hanako/114900000000000001?utm=1"
    found = links.identity(Network.MASTODON, url)
    assert found == mastodon.identity("mastodon.example", "114900000000000001")


def test_other_addresses_stand_for_themselves_without_what_counts_readers() -> None:
    url = "https://www.example.jp/a/b/?utm_source=x#top"
    assert links.network_of(url) is None
    assert links.identity(Network.OTHER, url) == "https://example.jp/a/b"


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "file:///etc/passwd", "https://", "https://[", "停電"]
)
def test_what_is_no_address_has_no_name(url: str) -> None:
    assert links.clean(url) == ""
    assert links.identity(Network.X, url) == ""


@given(st.text())
def test_any_text_is_looked_at(text: str) -> None:
    assert links.clean(text) == "" or links.clean(text).startswith("https://")
