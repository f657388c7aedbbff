"""Delivery reports: RFC 3464's own shape, and what older servers write."""

from uuid import uuid4

import pytest

from madoguchi.channels.mail.bounces import read

KEY = str(uuid4())
DOMAIN = "town.example.jp"


def report(
    action: str = "failed", status: str = "5.1.1", number: str = "", domain: str = DOMAIN
) -> bytes:
    """A report about a mail of ours."""
    return (
        "From: MAILER-DAEMON@mx.example.jp\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; h@a.jp\r\nAction: {action}\r\nStatus: {status}\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: <{KEY}{number}@{domain}>\r\nTo: h@a.jp\r\n--b--\r\n"
    ).encode()


def test_a_failure_names_the_delivery_and_the_recipient() -> None:
    found = read(report(number=".12"), DOMAIN)
    assert found is not None
    assert (found.key, found.number) == (KEY, 12)
    assert "5.1.1" in found.detail
    assert "アドレスが使われていません" in found.detail
    assert "h@a.jp" not in found.detail


@pytest.mark.parametrize(
    "data", [report("delayed", "4.4.1"), report(domain="other.jp"), report("relayed")]
)
def test_delays_and_mails_of_others_change_nothing(data: bytes) -> None:
    assert read(data, DOMAIN) is None


def test_a_report_without_form_counts_when_it_holds_our_message_id() -> None:
    data = (
        f"From: MAILER-DAEMON@x\r\n\r\nundeliverable\r\n\r\nMessage-ID: <{KEY}@{DOMAIN}>".encode()
    )
    found = read(data, DOMAIN)
    assert found is not None
    assert found.key == KEY
