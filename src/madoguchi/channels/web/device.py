"""Who is writing: a random key in a signed cookie, made when the first message is sent."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

SALT = "md_device"
CLAIM = "md_device.claim"
YEAR = 365 * 24 * 3600


def known(request: HttpRequest) -> str | None:
    """The device key of a request, or None when there is none or it was tampered with."""
    value = request.get_signed_cookie(_cookie(), default=None, salt=SALT)
    return str(value) if value else None


def new_key() -> str:
    """A key that nobody can guess (160 bits)."""
    return f"w{secrets.token_hex(20)}"


def remember(request: HttpRequest, response: HttpResponse, key: str) -> None:
    """Give the device its key; readable by the server alone."""
    response.set_signed_cookie(
        _cookie(),
        key,
        salt=SALT,
        max_age=YEAR,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )


def claim_of(key: str) -> str:
    """What stands beside a waiting message on the device, should the cookie be lost before."""
    return signing.dumps(key, salt=CLAIM)


def claimed(claim: str) -> str | None:
    """The key that a claim was made for; None when it is not one of ours."""
    try:
        return str(signing.loads(claim, salt=CLAIM))
    except signing.BadSignature:
        return None


def forget(response: HttpResponse) -> None:
    """Take the key off the device."""
    response.delete_cookie(_cookie(), samesite="Lax")


def _cookie() -> str:
    return f"{settings.COOKIE_PREFIX}md_device"
