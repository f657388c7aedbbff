"""A strict stand-in for a Slack incoming webhook on this machine.

Rules from docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (JSON with "text",
"ok", the errors) and docs.slack.dev/apis/web-api/rate-limits (one a second, 429 with Retry-After).
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/services/T00000000/B00000000/secret-of-the-tests"


@dataclass
class FakeSlack:
    """What was posted, and what the next posts are answered."""

    url: str = ""
    posted: list[str] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)

    def take(self, path: str, kind: str, body: bytes) -> tuple[int, bytes, str]:
        """Status, body and Retry-After for a post."""
        if self.answers:
            status, retry_after = self.answers.pop(0)
            return status, b"rate_limited" if status == 429 else b"error", retry_after
        if path != PATH:
            return 403, b"invalid_token", ""
        assert kind == "application/json"
        said = json.loads(body)
        if not isinstance(said.get("text"), str) or not said["text"]:
            return 400, b"no_text", ""
        self.posted.append(said["text"])
        return 200, b"ok", ""


@contextmanager
def running() -> Iterator[FakeSlack]:
    """The stand-in, until the end of the block."""
    slack = FakeSlack()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, said, retry_after = slack.take(
                self.path, self.headers.get("Content-Type", ""), body
            )
            self.send_response(status)
            if retry_after:
                self.send_header("Retry-After", retry_after)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    slack.url = f"http://127.0.0.1:{server.server_port}{PATH}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield slack
    finally:
        server.shutdown()
        server.server_close()
