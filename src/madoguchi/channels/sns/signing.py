"""The signature of a call of the webhook: HMAC-SHA256 over the time and the body. Pure."""

import hmac

WINDOW_S = 300
PREFIX = "sha256="


def signature(key: str, timestamp: str, body: bytes) -> str:
    """What stands in ``X-Madoguchi-Signature``: "sha256=" and 64 hex digits."""
    return PREFIX + hmac.digest(key.encode(), timestamp.encode() + b"." + body, "sha256").hex()


def why_not(
    *, key: str, timestamp: str, given: str, body: bytes, now: float, window_s: int = WINDOW_S
) -> str:
    """Why a call is refused, in Japanese; "" when it is signed and of this moment.

    ``now`` and the timestamp are seconds since 1970. The signature is compared in constant time,
    and before the time is looked at.
    """
    expected = signature(key, timestamp, body) if timestamp.isascii() else ""
    if not expected or not hmac.compare_digest(expected, given.encode("ascii", "replace").decode()):
        return "署名が合いません。鍵と、署名の作り方を確かめてください。"
    if not timestamp.isdecimal() or len(timestamp) > 12:
        return "X-Madoguchi-Timestamp は、1970年からの秒数です。"
    if abs(now - int(timestamp)) > window_s:
        return "時刻が5分より離れています。送る側の時計を合わせ、送るたびに署名を作ってください。"
    return ""
