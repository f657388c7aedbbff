"""Which addresses are called at all."""

import socket
from typing import Any

import pytest

from madoguchi.channels.sns import reach
from madoguchi.channels.sns.reach import Caller, Unreachable

INSIDE = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
    *("100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1"),
    *("::ffff:8.8.8.8", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:1::1", "2001:db8::1"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_or_of_nobody_are_not_public(address: str) -> None:
    assert not reach.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "203.178.137.58", "2606:4700:4700::1111"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert reach.is_public(address)


def answer_with(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name have these addresses."""

    def found(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def test_one_address_inside_is_enough_to_refuse_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(monkeypatch, "1.1.1.1", "192.168.0.7")
    with pytest.raises(Unreachable, match="公開されたサーバーではありません"):
        Caller().get("https://sneaky.example/")
    with pytest.raises(Unreachable, match="公開されたサーバーではありません"):
        Caller().listen("wss://sneaky.example/")


@pytest.mark.parametrize(
    "url",
    [
        "http://mastodon.example/",
        "ftp://mastodon.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@mastodon.example/",
        "https://mastodon.example:99999/",
        "//mastodon.example/",
    ],
)
def test_only_plain_https_addresses_are_called(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(monkeypatch, "1.1.1.1")
    with pytest.raises(Unreachable):
        Caller().get(url)


def test_this_machine_is_called_in_a_rehearsal_alone() -> None:
    with pytest.raises(Unreachable, match="公開されたサーバーではありません"):
        Caller().get("https://127.0.0.1:9/")
    with pytest.raises(Unreachable, match="つながりません"):
        Caller(local=True).get("http://127.0.0.1:9/")
    with pytest.raises(Unreachable):  # but no other machine of the same network
        Caller(local=True).get("http://192.168.0.7/")


def test_an_unknown_name_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match="見つかりません"):
        Caller().get("https://nowhere.example/")
