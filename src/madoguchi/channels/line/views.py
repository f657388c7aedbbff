"""The webhook: check, store, answer. What the words mean is worked out afterwards."""

import base64
import hashlib
import hmac
import json
import logging
import os

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from madoguchi.channels.line import account as accounts
from madoguchi.channels.line.parse import parse
from madoguchi.kernel.messages import inbox
from madoguchi.kernel.towns.middleware import TownRequest

log = logging.getLogger(__name__)

MAX_BYTES = 1024 * 1024


@csrf_exempt  # LINE proves itself by the signature
@require_POST
def webhook(request: TownRequest) -> HttpResponse:
    """Take events from LINE. 200 means: they are on the disk."""
    try:
        account = accounts.read(request.town.settings, os.environ)
    except accounts.Misconfigured as error:
        log.error("LINE: %s", error)
        return HttpResponse(status=503)  # LINE sends again what was not answered with 200
    if account is None:
        return HttpResponse(status=404)
    body = _body(request)
    if body is None:
        return HttpResponse(status=413)
    if not signed(body, account.secret, request.headers.get("X-Line-Signature", "")):
        return HttpResponse(status=401)
    return _take(body, account.bot_user_id)


def signed(body: bytes, secret: str, signature: str) -> bool:
    """Whether ``signature`` is the base64 HMAC-SHA256 of the body; in constant time."""
    expected = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256))
    return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))


def _body(request: HttpRequest) -> bytes | None:
    """The raw body, or None when it is too long; a false length header does not help."""
    try:
        if int(request.headers.get("Content-Length") or 0) > MAX_BYTES:
            return None
        body = request.read(MAX_BYTES + 1)
    except (ValueError, RequestDataTooBig, UnreadablePostError):
        return None
    return body if len(body) <= MAX_BYTES else None


def _take(body: bytes, bot_user_id: str) -> HttpResponse:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    if not isinstance(content, dict) or not isinstance(content.get("events"), list):
        return HttpResponse(status=400)
    if bot_user_id and content.get("destination") != bot_user_id:
        return HttpResponse(status=400)
    inbox.receive("line", parse(content))
    return HttpResponse(status=200)
