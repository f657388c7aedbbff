"""A relay in front of a house, as a proxy of the town would be; the test says what it does."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

Change = Callable[[str, bytes], tuple[int, bytes]]
"""Path and body of an answer of the house: status and body of what the browser gets instead."""


class Relay:
    """Passes reading on to the house at ``url``; ``change`` may make other answers of its own."""

    def __init__(self, url: str) -> None:
        self._house = url
        self.change: Change = lambda path, body: (200, body)

    def __enter__(self) -> "Relay":
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        relay = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                passed = {"Host": self.headers["Host"], "Cookie": self.headers.get("Cookie", "")}
                answer = httpx.get(f"{relay._house}{self.path}", headers=passed, trust_env=False)
                status, body = answer.status_code, answer.content
                if status == 200:
                    status, body = relay.change(self.path, body)
                self.send_response(status)
                for name, value in answer.headers.multi_items():
                    if name not in {"content-encoding", "content-length", "transfer-encoding"}:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler
