"""Twilio's Messages API: one attempt a call, and what each answer means.

The contract is public: https://www.twilio.com/docs/messaging/api/message-resource and the OpenAPI
description twilio_api_v2010.json of github.com/twilio/twilio-oai. It knows no idempotency key.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from madoguchi.channels.sms.account import Account
from madoguchi.channels.sms.provider import Answer, NoAnswer, Provider, Receipt, Verdict

TIMEOUT = httpx.Timeout(8.0, connect=3.0)
PAGE = 50
CLOCKS_APART = timedelta(minutes=2)
VERSION = "2010-04-01"

BAD_NUMBER = frozenset({21211, 21214, 21217, 21219, 21401, 21421, 21614})
STOPPED = 21610
SET_UP = frozenset({20003, 20404, 21408, 21603, 21606, 21612, 21659, 21660, 21701, 21703})
"""https://www.twilio.com/docs/api/errors"""

NUMBER = "この番号にはSMSを送れません。番号を確かめ、電話など別の方法で伝えてください。"
SAID_STOP = "相手がSMSを受け取らない設定にしています。電話など別の方法で伝えてください。"
NOT_SET_UP = (
    "SMSの会社が送信を認めません（{code}）。「SMSの設定」と契約を確かめてください。"
    "直るまで、自動で送り直します。"
)
BUSY = "SMSの会社が混み合っています。自動で送り直します。"
TROUBLE = "SMSの会社に障害が起きています（{code}）。届いていないか確かめてから、送り直します。"
NOTHING_CAME = "SMSの会社から応答がありません。届いていないか確かめてから、送り直します。"
OTHER = "SMSの会社がこの送信を断りました（{code}）。電話など別の方法で伝えてください。"
FAILED = {
    30003: "電源が切れているか、圏外です。",
    30004: "相手の設定か、携帯電話会社に止められました。",
    30005: "使われていない番号です。",
    30006: "固定電話など、SMSを受け取れない番号です。",
    30007: "携帯電話会社に迷惑メールと判定されました。",
}
"""Reasons of a delivery receipt; https://www.twilio.com/docs/api/errors/30003 and so on."""

FAILED_OTHER = "携帯電話会社が届けられませんでした。"


class Twilio(Provider):
    """Speaks for one account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._base = f"{account.host}/{VERSION}/Accounts/{account.account_sid}"

    def send(self, to: str, text: str, callback: str) -> Answer:
        """POST Messages.json."""
        form = {"To": to, "Body": text} | _from(self._account.sender)
        if callback:
            form["StatusCallback"] = callback
        try:
            response = self._ask("POST", "/Messages.json", form)
        except httpx.HTTPError:
            return Answer(Verdict.UNKNOWN, detail=NOTHING_CAME)
        return _answer(response)

    def find(self, to: str, text: str, since: datetime, not_these: frozenset[str]) -> str | None:
        """GET Messages.json: the newest to this number, of which one may be ours."""
        query = {"To": to, "PageSize": str(PAGE)}
        try:
            response = self._ask("GET", "/Messages.json", query)
            response.raise_for_status()
            found: Sequence[Mapping[str, Any]] = response.json()["messages"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise NoAnswer from error
        for message in found:
            ours = message.get("direction") == "outbound-api" and message.get("body") == text
            sid = str(message.get("sid") or "")
            if ours and sid not in not_these and _since(message, since - CLOCKS_APART):
                return sid
        return None

    def check(self) -> Answer:
        """GET the account itself."""
        try:
            response = self._ask("GET", ".json", {})
        except httpx.HTTPError:
            return Answer(Verdict.LATER, detail="SMSの会社から応答がありません。")
        return Answer(Verdict.TAKEN) if response.status_code == 200 else _answer(response)

    def _ask(self, method: str, path: str, fields: Mapping[str, str]) -> httpx.Response:
        sent: dict[str, Any] = {"data" if method == "POST" else "params": fields}
        login = (self._account.account_sid, self._account.token)
        with httpx.Client(timeout=TIMEOUT, auth=login, follow_redirects=False) as client:
            return client.request(method, self._base + path, **sent)


def receipt(said: Mapping[str, str]) -> Receipt:
    """A call to StatusCallback as a receipt."""
    status = said.get("MessageStatus", "")
    code = _number(said.get("ErrorCode"))
    failed = ""
    if status in ("failed", "undelivered"):
        why = FAILED.get(code, FAILED_OTHER)
        failed = (
            f"SMSが届きませんでした（{code or status}）。{why}電話など別の方法で伝えてください。"
        )
    return Receipt(said.get("MessageSid", ""), status[:20], failed, code == STOPPED)


def signature(token: str, url: str, said: Mapping[str, str]) -> str:
    """X-Twilio-Signature: HMAC-SHA1 of the address and the fields, sorted, without separators.

    https://www.twilio.com/docs/usage/webhooks/webhooks-security
    """
    signed = url + "".join(name + said[name] for name in sorted(said))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), hashlib.sha1)).decode()


def _from(sender: str) -> dict[str, str]:
    return {"MessagingServiceSid" if sender.startswith("MG") else "From": sender}


def _answer(response: httpx.Response) -> Answer:
    status = response.status_code
    said = _json(response)
    if status == 201 and said.get("sid"):
        return Answer(Verdict.TAKEN, str(said["sid"]))
    code = _number(said.get("code")) or status
    if status == 429:
        return Answer(Verdict.LATER, detail=BUSY, retry_after_s=_retry_after(response))
    if status >= 500 or status < 400:
        return Answer(Verdict.UNKNOWN, detail=TROUBLE.format(code=status))
    return _refusal(status, code)


def _refusal(status: int, code: int) -> Answer:
    """A request that was surely not taken."""
    if code in BAD_NUMBER:
        return Answer(Verdict.NUMBER, detail=NUMBER)
    if code == STOPPED:
        return Answer(Verdict.STOPPED, detail=SAID_STOP)
    if code in SET_UP or status in (401, 403, 404):
        return Answer(Verdict.SET_UP, detail=NOT_SET_UP.format(code=code))
    return Answer(Verdict.REFUSED, detail=OTHER.format(code=code))


def _json(response: httpx.Response) -> Mapping[str, Any]:
    try:
        found = json.loads(response.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _retry_after(response: httpx.Response) -> float | None:
    try:
        return max(0.0, float(response.headers.get("Retry-After", "")))
    except ValueError:
        return None


def _number(value: object) -> int:
    return int(str(value)) if str(value).isdigit() else 0


def _since(message: Mapping[str, Any], since: datetime) -> bool:
    try:
        return parsedate_to_datetime(str(message["date_created"])) >= since
    except (KeyError, TypeError, ValueError):
        return False
