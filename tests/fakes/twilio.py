"""A strict stand-in for Twilio's Messages API on this machine.

Each rule names where Twilio publishes it: "OAI" is twilio_api_v2010.json of github.com/twilio/
twilio-oai (operations CreateMessage and ListMessage), "errors/N" is twilio.com/docs/api/errors/N,
"responses" is twilio.com/docs/usage/twilios-response.
"""

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from madoguchi.kernel.clock.api import Clock

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "fedcba9876543210" * 2
KNOWN = {  # OAI, CreateMessageRequest: all of its properties
    *("To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ApplicationSid", "MaxPrice"),
    *("ProvideFeedback", "Attempt", "ValidityPeriod", "ForceDelivery", "ContentRetention"),
    *("AddressRetention", "SmartEncoded", "PersistentAction", "ShortenUrls", "ScheduleType"),
    *("SendAt", "SendAsMms", "ContentVariables", "RiskCheck", "MediaUrl", "ContentSid", "Tags"),
}
E164 = re.compile(r"\+[1-9]\d{1,14}")
SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")

Answer = tuple[int, dict[str, Any], dict[str, str]]


@dataclass
class Fault:
    """What the next requests meet: "lost" takes the message and closes the line, "gone" closes it
    before, a number is the status of the answer.
    """

    what: str
    times: int = 1
    retry_after: str = ""


@dataclass
class FakeTwilio:
    """The account, the messages that were taken, and what goes wrong."""

    clock: Clock
    host: str = ""
    sender: str = "+815012345678"
    messages: list[dict[str, Any]] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)
    landlines: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    asked: int = 0

    def fault(self, what: str, times: int = 1, retry_after: str = "") -> None:
        """Let requests fail."""
        self.faults.append(Fault(what, times, retry_after))

    def to(self, number: str) -> list[str]:
        """The texts that were taken for a number."""
        return [m["body"] for m in self.messages if m["to"] == number]

    def answer(self, method: str, path: str, fields: dict[str, str], login: str) -> Answer | None:
        """What Twilio answers; None closes the line without an answer."""
        self.asked += 1
        fault = next((f for f in self.faults if f.times > 0), None)
        if fault is not None:
            fault.times -= 1
            if fault.what == "gone":
                return None
            if fault.what != "lost":
                return _error(int(fault.what), 20429 if fault.what == "429" else 20500, fault)
        answer = self._answer(method, path, fields, login)
        return None if fault is not None else answer

    def _answer(self, method: str, path: str, fields: dict[str, str], login: str) -> Answer:
        if login != f"{ACCOUNT}:{TOKEN}":  # errors/20003; OAI, security accountSid_authToken
            return _error(401, 20003)
        base = f"/2010-04-01/Accounts/{ACCOUNT}"
        match method, path.removeprefix(base):
            case "GET", ".json":
                return 200, {"sid": ACCOUNT, "status": "active"}, {}
            case "GET", "/Messages.json":
                return self._list(fields)
            case "POST", "/Messages.json":
                return self._create(fields)
        return _error(404, 20404)  # errors/20404

    def _create(self, form: dict[str, str]) -> Answer:
        """OAI, CreateMessage: 201 with the message, in the state "queued"."""
        assert set(form) <= KNOWN, f"no such parameter: {set(form) - KNOWN}"
        to, body = form.get("To", ""), form.get("Body", "")
        if not to:  # OAI, required: To; errors/21604
            return _error(400, 21604)
        if not (form.get("From") or form.get("MessagingServiceSid")):  # OAI, conditional; 21603
            return _error(400, 21603)
        if "MessagingServiceSid" in form and not SERVICE.fullmatch(form["MessagingServiceSid"]):
            return _error(400, 21701)  # OAI, pattern of MessagingServiceSid
        if (
            form.get("From", self.sender) != self.sender
        ):  # errors/21606: not a number of the account
            return _error(400, 21606)
        if not body:  # OAI, conditional body/media_url/content_sid; errors/21602
            return _error(400, 21602)
        if len(body) > 1600:  # OAI, Body: up to 1,600 characters; errors/21617
            return _error(400, 21617)
        if not E164.fullmatch(to):  # OAI, To: E.164; errors/21211
            return _error(400, 21211)
        if to in self.stopped:  # errors/21610
            return _error(400, 21610)
        if to in self.landlines:  # errors/21614
            return _error(400, 21614)
        callback = form.get("StatusCallback", "")
        assert not callback or callback.startswith("https://")
        message = {
            "sid": f"SM{len(self.messages):032x}",
            "to": to,
            "from": form.get("From"),
            "body": body,
            "status": "queued",
            "direction": "outbound-api",
            "date_created": format_datetime(self.clock.now()),
            "date_sent": None,
            "num_segments": "1",
            "error_code": None,
            "callback": callback,
        }
        self.messages.append(message)
        return 201, message, {}

    def _list(self, query: dict[str, str]) -> Answer:
        """OAI, ListMessage: newest first, at most PageSize (1 to 1000)."""
        assert set(query) <= {"To", "From", "DateSent", "PageSize", "Page", "PageToken"}
        size = int(query.get("PageSize", "50"))
        assert 1 <= size <= 1000
        found = [m for m in reversed(self.messages) if m["to"] == query.get("To", m["to"])]
        return 200, {"messages": found[:size], "page_size": size, "next_page_uri": None}, {}


@contextmanager
def running(clock: Clock) -> Iterator[FakeTwilio]:
    """The stand-in, until the end of the block."""
    twilio = FakeTwilio(clock)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._say(twilio.answer("GET", parts.path, _fields(parts.query), self._login()))

        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"  # OAI
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(twilio.answer("POST", self.path, _fields(body), self._login()))

        def _login(self) -> str:
            kind, _, value = self.headers.get("Authorization", "").partition(" ")
            return base64.b64decode(value).decode() if kind == "Basic" else ""

        def _say(self, answer: Answer | None) -> None:
            if answer is None:
                self.close_connection = True
                return
            status, said, headers = answer
            content = json.dumps(said).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    twilio.host = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield twilio
    finally:
        server.shutdown()
        server.server_close()


def _fields(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}


def _error(status: int, code: int, fault: Fault | None = None) -> Answer:
    """responses: an exception has code, message, more_info and status."""
    said = {"code": code, "message": "refused", "status": status}
    said["more_info"] = f"https://www.twilio.com/docs/errors/{code}"
    headers = {"Retry-After": fault.retry_after} if fault and fault.retry_after else {}
    return status, said, headers
