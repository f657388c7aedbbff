"""The address that is posted to is Slack's, and nobody else's."""

import pytest

from madoguchi.channels.slack.account import LOCAL, Account, allowed


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://hooks.slack.com/services/T0/B0/x", True),
        ("https://hooks.slack-gov.com/services/T0/B0/x", True),
        ("http://hooks.slack.com/services/T0/B0/x", False),
        ("https://hooks.slack.com.evil.example/services/T0/B0/x", False),
        ("https://user@hooks.slack.com/services/T0/B0/x", False),
        ("https://hooks.slack.com:8443/services/T0/B0/x", False),
        ("https://hooks.slack.com/other", False),
        ("http://127.0.0.1/services/T0/B0/x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_addresses(url: str, good: bool) -> None:
    assert allowed(url, {}) is good


def test_a_stand_in_needs_the_operator() -> None:
    assert allowed("http://127.0.0.1:1/x", {LOCAL: "1"})


def test_the_address_is_not_printed() -> None:
    assert "secret" not in repr(Account("https://hooks.slack.com/services/secret"))
