"""The signature of the webhook; the expected value was made by OpenSSL.

printf '1782874800.{"posts":[]}' | openssl dgst -sha256 -hmac key
"""

import pytest

from madoguchi.channels.sns import signing

BODY = b'{"posts":[]}'
AT = "1782874800"
OPENSSL = "0429555d9a07d86a78a00a7befcd13b029e2d7b99accfd7b517755b21994f309"


def why(**other: object) -> str:
    """Why a call is refused that is right but for ``other``."""
    good: dict[str, object] = {
        "key": "key",
        "timestamp": AT,
        "given": signing.signature("key", AT, BODY),
        "body": BODY,
        "now": float(AT),
    }
    return signing.why_not(**good | other)  # type: ignore[arg-type]


def test_the_signature_is_that_of_openssl() -> None:
    assert signing.signature("key", AT, BODY) == "sha256=" + OPENSSL


def test_a_right_call_is_taken_for_five_minutes_either_way() -> None:
    for away in (0, 300, -300):
        assert why(now=float(AT) + away) == ""
    for away in (301, -301):
        assert "5分" in why(now=float(AT) + away)


@pytest.mark.parametrize(
    "other",
    [
        {"key": "other"},
        {"body": BODY + b" "},
        {"timestamp": "1782874801"},
        {"given": ""},
        {"given": "sha256="},
        {"given": "署名"},
        {"given": signing.signature("key", AT, BODY).upper()},
        {"timestamp": "きのう"},
    ],
)
def test_anything_else_is_refused(other: dict[str, object]) -> None:
    assert "署名が合いません" in why(**other)


def test_a_signed_time_that_is_none_is_refused() -> None:
    for at in ("", "1e9", "-5", "9" * 40):
        assert why(timestamp=at, given=signing.signature("key", at, BODY)) != ""
