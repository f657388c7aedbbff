"""LINE's Messaging API by the official SDK: one attempt a call, and what LINE answered."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MessagingApi,
    MessagingApiBlob,
    MulticastRequest,
    PushMessageRequest,
    ReplyMessageRequest,
    RichMenuRequest,
    TestWebhookEndpointRequest,
    TextMessage,
)
from pydantic.v1 import ValidationError
from urllib3.exceptions import HTTPError

from madoguchi.channels.line.account import Account

TIMEOUT_S = (3.0, 10.0)
"""Seconds to connect, and between two bytes of the answer."""

TEST_TIMEOUT_S = (3.0, 20.0)
"""LINE itself waits for our answer before it gives its own."""

NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: HTTP status (0: nothing came), LINE's own words, when to try again."""

    status: int
    said: str = ""
    retry_after_s: float | None = None
    request_id: str = ""
    data: object = None

    @property
    def ok(self) -> bool:
        """Whether LINE did what was asked."""
        return 200 <= self.status < 300


class LineClient:
    """Speaks for one account. Methods never raise for what the other side may do."""

    def __init__(self, account: Account) -> None:
        self._api = MessagingApi(_connection(account.host, account.token))
        self._blob = MessagingApiBlob(_connection(account.data_host, account.token))

    def reply(self, token: str, messages: Sequence[TextMessage]) -> Answer:
        """Answer an event; free of charge, once, within about a minute."""
        request = ReplyMessageRequest(reply_token=token, messages=list(messages))
        return _ask(
            lambda: self._api.reply_message_with_http_info(request, _request_timeout=TIMEOUT_S)
        )

    def push(self, to: str, messages: Sequence[TextMessage], key: str) -> Answer:
        """Send to a user, group or room; ``key`` makes a repetition harmless for 24 hours."""
        request = PushMessageRequest(to=to, messages=list(messages))
        return _ask(
            lambda: self._api.push_message_with_http_info(
                request, x_line_retry_key=key, _request_timeout=TIMEOUT_S
            )
        )

    def multicast(self, to: Sequence[str], messages: Sequence[TextMessage], key: str) -> Answer:
        """Send to up to 500 users at once."""
        request = MulticastRequest(to=list(to), messages=list(messages))
        return _ask(
            lambda: self._api.multicast_with_http_info(
                request, x_line_retry_key=key, _request_timeout=TIMEOUT_S
            )
        )

    def content(self, message_id: str) -> Answer:
        """The photo of a message as ``data``; status 202 while LINE still prepares it."""
        return _ask(
            lambda: self._blob.get_message_content_with_http_info(
                message_id, _request_timeout=TIMEOUT_S
            )
        )

    def bot(self) -> Answer:
        """The account that the token belongs to: ``data.display_name``, ``data.basic_id``."""
        return _ask(lambda: self._api.get_bot_info_with_http_info(_request_timeout=TIMEOUT_S))

    def webhook(self) -> Answer:
        """``data.endpoint`` and ``data.active``; 404 where none is set."""
        return _ask(
            lambda: self._api.get_webhook_endpoint_with_http_info(_request_timeout=TIMEOUT_S)
        )

    def try_webhook(self, url: str) -> Answer:
        """Let LINE call ``url`` without an event; ``data.success`` and ``data.status_code``."""
        request = TestWebhookEndpointRequest(endpoint=url)
        return _ask(
            lambda: self._api.test_webhook_endpoint_with_http_info(
                request, _request_timeout=TEST_TIMEOUT_S
            )
        )

    def create_menu(self, menu: RichMenuRequest) -> Answer:
        """Make a rich menu; its id is ``data.rich_menu_id``."""
        return _ask(
            lambda: self._api.create_rich_menu_with_http_info(menu, _request_timeout=TIMEOUT_S)
        )

    def set_menu_image(self, menu_id: str, png: bytes) -> Answer:
        """Give a rich menu its picture."""
        return _ask(
            lambda: self._blob.set_rich_menu_image_with_http_info(
                menu_id, png, _headers={"Content-Type": "image/png"}, _request_timeout=TIMEOUT_S
            )
        )

    def show_menu(self, menu_id: str) -> Answer:
        """Show a rich menu to everybody who has no other one."""
        return _ask(
            lambda: self._api.set_default_rich_menu_with_http_info(
                menu_id, _request_timeout=TIMEOUT_S
            )
        )

    def menus(self) -> Answer:
        """All rich menus of the account as ``data.richmenus``."""
        return _ask(lambda: self._api.get_rich_menu_list_with_http_info(_request_timeout=TIMEOUT_S))

    def delete_menu(self, menu_id: str) -> Answer:
        """Remove a rich menu."""
        return _ask(
            lambda: self._api.delete_rich_menu_with_http_info(menu_id, _request_timeout=TIMEOUT_S)
        )


@lru_cache(maxsize=128)
def _connection(host: str, token: str) -> ApiClient:
    """One pool of connections per host and account, kept between deliveries."""
    configuration = Configuration(host=host, access_token=token)
    configuration.retries = False  # the outbox repeats, with its key; redirects are not followed
    return ApiClient(configuration)


def _ask(call: Callable[[], object]) -> Answer:
    try:
        response = call()
    except ApiException as error:
        headers = error.headers or {}
        return Answer(
            status=error.status or NO_ANSWER,
            said=_message(error.body),
            retry_after_s=_seconds(headers.get("Retry-After")),
            request_id=headers.get("X-Line-Request-Id") or "",
        )
    except ValidationError:
        return Answer(status=200)  # it was done; only the form of the answer is new to the SDK
    except (HTTPError, OSError, ValueError) as error:
        return Answer(status=NO_ANSWER, said=type(error).__name__)
    return Answer(
        status=getattr(response, "status_code", 200),
        request_id=(getattr(response, "headers", None) or {}).get("X-Line-Request-Id") or "",
        data=getattr(response, "data", None),
    )


def _message(body: object) -> str:
    try:
        content = json.loads(body) if isinstance(body, str) else {}
    except ValueError:
        return ""
    return str(content.get("message", "")) if isinstance(content, dict) else ""


def _seconds(header: str | None) -> float | None:
    """``Retry-After`` in seconds, from a number or a date; None when it says nothing usable."""
    if not header:
        return None
    if header.strip().isdecimal():
        return min(float(header), 3600.0)
    try:
        wait = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return None
    return min(max(wait, 0.0), 3600.0)
