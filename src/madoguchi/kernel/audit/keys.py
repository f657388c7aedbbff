"""The keys of the audit log."""

import hmac
from functools import cache
from hashlib import sha256

from django.conf import settings


@cache
def _key(purpose: str, secret: str) -> bytes:
    """One key a purpose, so that a value of one kind never passes for another."""
    return hmac.digest(secret.encode(), f"madoguchi.audit.{purpose}".encode(), "sha256")


def sign(purpose: str, data: bytes) -> str:
    """HMAC-SHA256 of ``data``, 64 hex digits, under the key of ``purpose``.

    The secret is ``MADOGUCHI_AUDIT_KEY``, else ``SECRET_KEY``. A town that changes ``SECRET_KEY``
    sets the old one as audit key; under another key the chain does not verify.
    """
    secret = getattr(settings, "AUDIT_KEY", "") or settings.SECRET_KEY
    return hmac.new(_key(purpose, secret), data, sha256).hexdigest()


def keyed_hash(text: str) -> str:
    """What may stand in the log for ``text``: equal texts can be matched, none can be read."""
    return sign("content", text.encode())
