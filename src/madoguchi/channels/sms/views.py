"""What the provider calls: receipts, and messages of residents. Both are signed."""

import hmac
import uuid

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from madoguchi.channels.keeping import Misconfigured
from madoguchi.channels.sms import account as accounts
from madoguchi.channels.sms import numbers, twilio
from madoguchi.channels.sms.account import Account
from madoguchi.channels.sms.models import ShortMessage
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages import inbox, outbox
from madoguchi.kernel.messages.data import EventKind, Incoming
from madoguchi.kernel.people import api as people
from madoguchi.kernel.towns.middleware import TownRequest

STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "停止", "配信停止"})
START = frozenset({"start", "unstop", "再開", "配信再開"})
MAX_FIELDS = 100
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


@csrf_exempt  # the provider proves itself by the signature
@require_POST
def status(request: TownRequest) -> HttpResponse:
    """A delivery receipt: what did not arrive becomes visible to staff."""
    said, refusal = _said(request)
    if refusal is not None:
        return refusal
    try:
        key, number = uuid.UUID(request.GET.get("key", "")), int(request.GET.get("number", "0"))
    except ValueError:
        return HttpResponse(status=400)
    told = twilio.receipt(said)
    rows = ShortMessage.objects.filter(key=key, number=number)
    if not told.failed:
        rows.update(status=told.status)
        return HttpResponse(status=204)
    if told.stopped and (number_of := numbers.e164(said.get("To", ""))):
        people.set_following("sms", number_of, False)
    fresh = rows.filter(failed="").update(status=told.status, failed=told.failed)
    if fresh and outbox.came_back(str(key), told.failed):
        # Another attempt, if staff asks for it, really sends again.
        rows.update(sid="", asked_at=None, failed="", refused=told.failed)
    return HttpResponse(status=204)


@csrf_exempt  # the provider proves itself by the signature
@require_POST
def inbound(request: TownRequest) -> HttpResponse:
    """A resident's message. 200 means: it is on the disk."""
    said, refusal = _said(request)
    if refusal is not None:
        return refusal
    sender, sid = numbers.e164(said.get("From", "")), said.get("MessageSid", "")
    if sender is None or not sid or len(sid) > 64:
        return HttpResponse(status=400)
    text = said.get("Body", "").strip()
    word = text.lower()
    kind = EventKind.TEXT if text else EventKind.OTHER
    if word in STOP:
        kind = EventKind.UNFOLLOW
    if word in START:
        kind = EventKind.FOLLOW
    inbox.receive("sms", [Incoming(sid, kind, sender, clock.now(), text=text[:5000])])
    return HttpResponse(NOTHING, content_type="text/xml")


def _said(request: TownRequest) -> tuple[dict[str, str], HttpResponse | None]:
    """The fields of a call that the town's provider signed, or how to refuse it."""
    try:
        account = accounts.of_town(request.town.settings)
    except Misconfigured:
        return {}, HttpResponse(status=503)
    if account is None:
        return {}, HttpResponse(status=404)
    said = {name: str(request.POST.get(name, "")) for name in list(request.POST)[:MAX_FIELDS]}
    given = request.headers.get("X-Twilio-Signature", "").encode("utf-8", "replace")
    expected = twilio.signature(account.token, _address(request, account), said)
    if not hmac.compare_digest(expected.encode(), given):
        return {}, HttpResponse(status=403)
    return said, None


def _address(request: TownRequest, account: Account) -> str:
    """The address as the provider called it, whatever stands between."""
    if account.origin:
        return account.origin + request.get_full_path()
    return request.build_absolute_uri()
