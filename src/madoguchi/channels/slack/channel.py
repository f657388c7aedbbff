"""Slack as a channel: a delivery is one post to the town's incoming webhook.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

import time

import httpx

from madoguchi.channels.base import Channel
from madoguchi.channels.keeping import Misconfigured
from madoguchi.channels.slack import account as accounts
from madoguchi.channels.slack.account import Account
from madoguchi.kernel.messages.data import Delivery, Outcome, Receipt
from madoguchi.kernel.towns.models import Town

TIMEOUT = httpx.Timeout(8.0, connect=3.0)
APART_S = 1.0
"""One post a second (docs.slack.dev/apis/web-api/rate-limits, "Incoming webhooks")."""

SET_UP_S = 300.0
MAX_TEXT = 3000

NO_ACCOUNT = "この自治体にはSlackの設定がありません。設定してからもう一度送ってください。"
NOTHING_TO_SAY = "送る文章がありません。"
NO_ANSWER = "Slackから応答がありません。自動で送り直します。"
BUSY = "Slackへの送信が混み合っています。自動で送り直します。"
TROUBLE = "Slackの側で障害が起きています（{status}）。自動で送り直します。"
NOT_SET_UP = (
    "Slackが受け取りを断りました（{status}）。Webhook URLが消されていないか、チャンネルが残って"
    "いるかを確かめ、「Slackの設定」で入れ直してください。直るまで、自動で送り直します。"
)
REFUSED = "Slackがこの内容を断りました（{status}）。運用の担当者に知らせてください。"

_last: dict[int, float] = {}
"""By town, when this process posted last (monotonic seconds)."""


class SlackChannel(Channel):
    """A town's Slack. A post has no key: see docs/decisions/0021-mail-sms-slack.md."""

    kind = "slack"

    def __init__(self, town_id: int, account: Account | None, problem: str = "") -> None:
        self._town_id = town_id
        self._account = account
        self._problem = problem or NO_ACCOUNT

    @classmethod
    def of_town(cls, town_id: int) -> "SlackChannel":
        """The channel of a town; one without usable settings refuses, and says why."""
        try:
            account = accounts.of_town(Town.objects.get(pk=town_id).settings)
        except Misconfigured as error:
            return cls(town_id, None, str(error))
        return cls(town_id, account)

    def deliver(self, delivery: Delivery) -> Receipt:
        """Post once."""
        if self._account is None:
            return Receipt(Outcome.REFUSED, self._problem)
        text = "\n".join(m.text.strip() for m in delivery.messages if m.text.strip())
        if not text:
            return Receipt(Outcome.REFUSED, NOTHING_TO_SAY)
        now = time.monotonic()
        if (wait := _last.get(self._town_id, -APART_S) + APART_S - now) > 0:
            return Receipt(Outcome.RETRY, BUSY, wait)
        _last[self._town_id] = now
        return post(self._account, text)


def post(account: Account, text: str) -> Receipt:
    """Post a text to the webhook; what it means for staff."""
    payload = {"text": escaped(text[:MAX_TEXT]), "unfurl_links": False, "unfurl_media": False}
    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client:
            response = client.post(account.url, json=payload)
    except httpx.HTTPError:
        return Receipt(Outcome.RETRY, NO_ANSWER)
    return _receipt(response)


def escaped(text: str) -> str:
    """The three signs that Slack reads as markup; nobody is called by name (<!channel>) so.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _receipt(response: httpx.Response) -> Receipt:
    status = response.status_code
    if status == 200:
        return Receipt(Outcome.SENT)
    if status == 429:
        return Receipt(Outcome.RETRY, BUSY, _retry_after(response))
    if status == 400:
        return Receipt(Outcome.REFUSED, REFUSED.format(status=status))
    if 400 < status < 500:
        return Receipt(Outcome.RETRY, NOT_SET_UP.format(status=status), SET_UP_S)
    return Receipt(Outcome.RETRY, TROUBLE.format(status=status))


def _retry_after(response: httpx.Response) -> float:
    try:
        return max(APART_S, float(response.headers.get("Retry-After", "")))
    except ValueError:
        return 30.0
