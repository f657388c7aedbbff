"""Headers and cookies: nothing from other hosts, nothing inline, least power to pages."""

import os
from typing import Any
from wsgiref.headers import Headers

from csp.constants import NONE, SELF

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# The map's worker is a static file; it fetches the tiles that a town may have chosen outside.
_STATIC_POLICY = (
    "default-src 'self'; connect-src 'self' https:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def WHITENOISE_ADD_HEADERS_FUNCTION(headers: Headers, path: str, url: str) -> None:
    """A content policy for static files too: they do not pass the middleware of pages."""
    headers["Content-Security-Policy"] = _STATIC_POLICY


HTTPS = os.environ.get("MADOGUCHI_HTTPS", "") == "1"
YEAR_S = 365 * 24 * 60 * 60
SECURE_HSTS_SECONDS = int(os.environ.get("MADOGUCHI_HSTS_SECONDS", str(YEAR_S))) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True  # of this very host; below it nothing else is served
SECURE_SSL_REDIRECT = False  # the proxy in front does it; it also knows which hosts it serves
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# How many relays of the town's own stand in front; see web/proxies.py.
PROXIES = int(os.environ.get("MADOGUCHI_PROXIES", "1" if HTTPS else "0"))
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# The browser takes a cookie of this name from this very host alone, over https.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "madoguchi.web.errors.csrf_failure"

# Requests of the public API from one address; the address is what web/proxies.py made sure of.
API_RATE = os.environ.get("MADOGUCHI_API_RATE", "120/m")
NINJA_NUM_PROXIES = 0

PERMISSIONS_POLICY = (
    "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)
