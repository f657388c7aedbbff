"""The API: one request in, one answer out. Knows no sockets."""

import hmac
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from madoguchi.channels.demo.fake_line import richmenus, sending
from madoguchi.channels.demo.fake_line.ledger import Asked, Ledger
from madoguchi.channels.demo.fake_line.refusing import Refused, refuse
from madoguchi.channels.demo.fake_line.webhooks import Webhooks

BODY_BYTES = 2 * 1024 * 1024
RETRY_KEY = "x-line-retry-key"


@dataclass(frozen=True, slots=True)
class Request:
    """A request with lower-case header names; ``blobs`` tells that it came to the data host."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""
    blobs: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; ``body`` is JSON unless ``content_type`` says otherwise."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[["Api", Request, dict[str, str], str], Answer]


class Api:
    """The API of one channel, on its ledger."""

    def __init__(self, ledger: Ledger, token: str, bot_id: str, webhooks: Webhooks) -> None:
        self.ledger = ledger
        self.webhooks = webhooks
        self.token = token
        self.bot_id = bot_id

    def answer(self, request: Request, fault: str = "") -> Answer:
        """Answer a request and write it into the ledger."""
        request_id = str(uuid.uuid4())
        rules: tuple[str, ...] = ()
        with self.ledger.lock:
            try:
                answer = self._dispatch(request, request_id)
            except Refused as refused:
                rules = refused.rules
                answer = Answer(refused.status, _dump(refused.body), headers=refused.headers)
            self.note(request, answer, request_id, rules=rules, fault=fault)
        return Answer(
            answer.status,
            answer.body,
            answer.content_type,
            {**answer.headers, "X-Line-Request-Id": request_id},
        )

    def note(
        self,
        request: Request,
        answer: Answer,
        request_id: str,
        *,
        rules: tuple[str, ...] = (),
        fault: str = "",
    ) -> None:
        """Write a request and its answer into the ledger, without the token."""
        headers = {k: v for k, v in request.headers.items() if k != "authorization"}
        self.ledger.asked.append(
            Asked(
                request.method,
                request.path,
                headers,
                request.body,
                answer.status,
                answer.body,
                request_id,
                rules,
                fault,
            )
        )

    def _dispatch(self, request: Request, request_id: str) -> Answer:
        authorization = request.headers.get("authorization", "")
        if not authorization.startswith("Bearer "):
            raise refuse("no-authorization")
        if not hmac.compare_digest(authorization[7:].encode(), self.token.encode()):
            raise refuse("wrong-token")
        path = request.path.partition("?")[0]
        found = [(route, m) for route in ROUTES if (m := route.pattern.fullmatch(path))]
        if not found:
            raise refuse("unknown-path")
        fitting = [(route, m) for route, m in found if route.method == request.method]
        if not fitting:
            raise refuse("wrong-method")
        route, match = fitting[0]
        if route.blobs != request.blobs:
            raise refuse("content-on-the-wrong-host")
        if RETRY_KEY in request.headers and not route.retry_key:
            raise refuse("retry-key-on-reply")
        return route.handler(self, request, match.groupdict(), request_id)


def _json(request: Request) -> dict[str, object]:
    """The body as an object; raises ``Refused``."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != "application/json":
        raise refuse("wrong-content-type", given=given or "none")
    if len(request.body) > BODY_BYTES:
        raise refuse("body-too-large")
    if not request.body:
        raise refuse("body-missing")
    try:
        body = json.loads(request.body)
    except ValueError as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise refuse("not-json", line=line, column=column) from error
    if not isinstance(body, dict):
        raise refuse("not-json", line=1, column=1)
    return body


def _dump(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _ok(body: object) -> Answer:
    return Answer(200, _dump(body))


def _reply(api: Api, request: Request, _: dict[str, str], request_id: str) -> Answer:
    return _ok(sending.reply(api.ledger, _json(request), request_id))


def _push(api: Api, request: Request, _: dict[str, str], request_id: str) -> Answer:
    key = request.headers.get(RETRY_KEY)
    return _ok(sending.push(api.ledger, _json(request), request_id, key))


def _multicast(api: Api, request: Request, _: dict[str, str], request_id: str) -> Answer:
    key = request.headers.get(RETRY_KEY)
    return _ok(sending.multicast(api.ledger, _json(request), request_id, key))


def _validate(_api: Api, request: Request, _: dict[str, str], _id: str) -> Answer:
    return _ok(sending.validate(_json(request)))


def _quota(api: Api, _request: Request, _: dict[str, str], _id: str) -> Answer:
    limit = api.ledger.quota
    return _ok({"type": "none"} if limit is None else {"type": "limited", "value": limit})


def _consumption(api: Api, _request: Request, _: dict[str, str], _id: str) -> Answer:
    return _ok({"totalUsage": api.ledger.used})


def _bot(api: Api, _request: Request, _: dict[str, str], _id: str) -> Answer:
    return _ok(
        {
            "userId": api.bot_id,
            "basicId": "@demo",
            "displayName": "デモ用の窓口",
            "chatMode": "bot",
            "markAsReadMode": "auto",
        }
    )


def _webhook(api: Api, _request: Request, _: dict[str, str], _id: str) -> Answer:
    return _ok({"endpoint": api.webhooks.url, "active": api.webhooks.active})


def _try_webhook(api: Api, request: Request, _: dict[str, str], _id: str) -> Answer:
    """Call the webhook that is set, or the one in the body, without an event."""
    asked = _json(request).get("endpoint") if request.body else None
    status = api.webhooks.post(api.webhooks.body([]), url=str(asked) if asked else "")
    at = datetime.fromtimestamp(api.ledger.now(), UTC).isoformat(timespec="milliseconds")
    reason = "OK" if status == 200 else "ERROR_STATUS_CODE" if status else "COULD_NOT_CONNECT"
    return _ok(
        {
            "success": status == 200,
            "timestamp": at.replace("+00:00", "Z"),
            "statusCode": status,
            "reason": reason,
            "detail": str(status),
        }
    )


def _profile(api: Api, _request: Request, words: dict[str, str], _id: str) -> Answer:
    person = api.ledger.people.get(words["user"])
    if person is None or not person.following:
        raise refuse("profile-unknown")
    return _ok({"userId": person.id, "displayName": person.name, "language": person.language})


def _content(api: Api, _request: Request, words: dict[str, str], _id: str) -> Answer:
    content = api.ledger.content.get(words["message"])
    if content is None:
        raise refuse("content-unknown")
    return Answer(200, content.data, content.media_type)


def _make_menu(api: Api, request: Request, _: dict[str, str], _id: str) -> Answer:
    body = _json(request)
    richmenus.check_menu(body)
    menu = richmenus.RichMenu(f"richmenu-{uuid.uuid4().hex}", body)
    api.ledger.menus[menu.id] = menu
    return _ok({"richMenuId": menu.id})


def _check_menu(_api: Api, request: Request, _: dict[str, str], _id: str) -> Answer:
    richmenus.check_menu(_json(request))
    return _ok({})


def _list_menus(api: Api, _request: Request, _: dict[str, str], _id: str) -> Answer:
    return _ok({"richmenus": [{"richMenuId": m.id, **m.body} for m in api.ledger.menus.values()]})


def _menu(api: Api, words: dict[str, str]) -> richmenus.RichMenu:
    menu = api.ledger.menus.get(words["menu"])
    if menu is None:
        raise refuse("menu-unknown")
    return menu


def _drop_menu(api: Api, _request: Request, words: dict[str, str], _id: str) -> Answer:
    menu = _menu(api, words)
    del api.ledger.menus[menu.id]
    if api.ledger.default_menu == menu.id:
        api.ledger.default_menu = ""
    return _ok({})


def _menu_image(api: Api, request: Request, words: dict[str, str], _id: str) -> Answer:
    richmenus.attach_image(
        _menu(api, words), request.body, request.headers.get("content-type", "").lower()
    )
    return _ok({})


def _show_menu(api: Api, _request: Request, words: dict[str, str], _id: str) -> Answer:
    menu = _menu(api, words)
    if not menu.image:
        raise refuse("menu-without-image")
    api.ledger.default_menu = menu.id
    return _ok({})


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the API."""

    method: str
    pattern: re.Pattern[str]
    handler: Handler
    blobs: bool = False
    retry_key: bool = False


def _route(
    method: str, path: str, handler: Handler, *, blobs: bool = False, retry_key: bool = False
) -> Route:
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", "/v2/bot/" + path)
    return Route(method, re.compile(pattern), handler, blobs, retry_key)


ROUTES = (
    _route("POST", "message/reply", _reply),
    _route("POST", "message/push", _push, retry_key=True),
    _route("POST", "message/multicast", _multicast, retry_key=True),
    _route("POST", "message/validate/reply", _validate),
    _route("POST", "message/validate/push", _validate),
    _route("POST", "message/validate/multicast", _validate),
    _route("GET", "message/quota", _quota),
    _route("GET", "message/quota/consumption", _consumption),
    _route("GET", "info", _bot),
    _route("GET", "channel/webhook/endpoint", _webhook),
    _route("POST", "channel/webhook/test", _try_webhook),
    _route("GET", "profile/{user}", _profile),
    _route("GET", "message/{message}/content", _content, blobs=True),
    _route("POST", "richmenu", _make_menu),
    _route("POST", "richmenu/validate", _check_menu),
    _route("GET", "richmenu/list", _list_menus),
    _route("DELETE", "richmenu/{menu}", _drop_menu),
    _route("POST", "richmenu/{menu}/content", _menu_image, blobs=True),
    _route("POST", "user/all/richmenu/{menu}", _show_menu),
)
