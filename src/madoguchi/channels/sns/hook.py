"""The address that a town's own tools call with posts of X, Instagram and others."""

import json
import logging
import os
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from madoguchi.channels.keeping import Misconfigured
from madoguchi.channels.sns import inbox_items, signing, taking
from madoguchi.channels.sns import setup as setups
from madoguchi.channels.sns.data import Event, Outcome
from madoguchi.channels.sns.models import Call
from madoguchi.channels.sns.taking import Terms
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.towns.middleware import TownRequest
from madoguchi.kernel.towns.models import Town

log = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
MOST_POSTS = 100

RESULTS = {
    Outcome.TAKEN: "taken",
    Outcome.REPEATED: "repeated",
    Outcome.KNOWN: "known",
    Outcome.CHANGED: "taken",
    Outcome.REMOVED: "deleted",
    Outcome.UNNEEDED: "not_needed",
    Outcome.LIMIT: "limit",
}


@csrf_exempt  # the caller proves itself by the signature
@require_POST
def inbox(request: TownRequest) -> JsonResponse:
    """Take a batch of posts. 200 means: every item has its result, and what was taken is stored."""
    try:
        key = setups.inbox_secret(request.town, os.environ)
    except Misconfigured as error:
        log.error("SNS: %s", error)
        return _refused(503, "受け口の鍵を使えません。町の担当者に知らせてください。")
    if key is None:
        return _refused(404, "この町では、SNSの受け口を使っていません。")
    body = _body(request)
    if body is None:
        return _refused(413, "1回に送れるのは1MBまでです。分けて送ってください。")
    given = request.headers.get("X-Madoguchi-Signature", "")
    why = signing.why_not(
        key=key,
        timestamp=request.headers.get("X-Madoguchi-Timestamp", ""),
        given=given,
        body=body,
        now=clock.now().timestamp(),
    )
    if why:
        return _refused(401, why)
    posts = _posts(body)
    if posts is None:
        return _refused(
            400, f'{{"posts": [...]}} の形で、1件から{MOST_POSTS}件までを送ってください。'
        )
    return _take(request.town, given, posts)


def _take(town: Town, given: str, posts: Sequence[object]) -> JsonResponse:
    read = [_read(item) for item in posts]
    events = [event for event in read if not isinstance(event, str)]
    with transaction.atomic():
        if not _is_first(given):
            return _refused(409, "同じ送信を、もう受け取っています。送り直す必要はありません。")
        terms = Terms(setups.sieve_of(town).lets_in, _limit(town))
        outcomes = iter(taking.take(events, terms))
    results = [
        {"index": index, "result": "error", "message": event}
        if isinstance(event, str)
        else {"index": index, "result": RESULTS[next(outcomes)]}
        for index, event in enumerate(read)
    ]
    return JsonResponse({"results": results}, json_dumps_params={"ensure_ascii": False})


def _is_first(given: str) -> bool:
    """Whether a signature comes for the first time; it is remembered longer than it is good for."""
    now = clock.now()
    Call.objects.filter(at__lt=now - timedelta(seconds=4 * signing.WINDOW_S)).delete()
    digest = sha256(given.encode()).hexdigest()
    return Call.objects.get_or_create(digest=digest, defaults={"at": now})[1]


def _limit(town: Town) -> int:
    return setups.daily_limit(setups.KEEPER.of(town))


def _read(item: object) -> Event | str:
    """The item as an event, or why it cannot be read."""
    try:
        return inbox_items.read(item)
    except inbox_items.Unreadable as why:
        return str(why)


def _posts(body: bytes) -> list[object] | None:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    posts = content.get("posts") if isinstance(content, dict) else None
    return posts if isinstance(posts, list) and 1 <= len(posts) <= MOST_POSTS else None


def _body(request: HttpRequest) -> bytes | None:
    """The raw body, or None when it is too long; a false length header does not help."""
    try:
        if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
            return None
        body = request.read(MOST_BYTES + 1)
    except (ValueError, RequestDataTooBig, UnreadablePostError):
        return None
    return body if len(body) <= MOST_BYTES else None


def _refused(status: int, why: str) -> JsonResponse:
    return JsonResponse({"error": why}, status=status, json_dumps_params={"ensure_ascii": False})
