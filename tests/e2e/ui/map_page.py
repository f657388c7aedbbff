"""The staff map on a page of its own, with a server whose cases the test decides."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from madoguchi.ui import mapbase

FIELDS = [
    *("id", "number", "lat", "lon", "radius_m", "accuracy", "urgency", "state", "categories"),
    *("title", "place_label", "witnesses", "doubtful", "updated", "ask_pending"),
]
STATIC = (Path(mapbase.__file__).parent / "static", *map(Path, settings.STATICFILES_DIRS))
TYPES = {".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; worker-src 'self'; "
    "img-src 'self' data: blob:; object-src 'none'"
)
SHELL = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>地図</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{links}</head><body class="staff"><main><h1>地図と一覧</h1>{body}</main>
<script type="module" src="/static/ui/map/staff.mjs"></script>
<script type="module" src="/static/ui/page.mjs"></script></body></html>"""
STYLES = ["vendor/design-tokens/tokens.css", "vendor/maplibre/maplibre-gl.css"] + [
    f"ui/{name}.css" for name in ("base", "components", "staff", "map")
]


def case(number: int, **changed: object) -> dict[str, Any]:
    """One case of 調布市; ``changed`` overrides fields."""
    return {
        "id": number,
        "number": f"2026-{number:05d}",
        "lat": 35.65 + number * 0.002,
        "lon": 139.53 + number * 0.006,
        "radius_m": 300,
        "accuracy": "block",
        "urgency": 1,
        "state": "new",
        "categories": ["road"],
        "title": f"知らせ{number}",
        "place_label": "布田五丁目",
        "witnesses": 1,
        "doubtful": False,
        "updated": 1_780_000_000 + number,
        "ask_pending": False,
        **changed,
    }


def page() -> str:
    """The page that carries the map."""
    context = {
        "snapshot_url": "/data",
        "changes_url": "/changes",
        "case_url": "/staff/cases/NUMBER/",
        "list_url": "/list",
        "urgencies": [(3, "命の危険"), (2, "今日中に対応"), (1, "記録"), (0, "対応なし")],
        "states": [("new", "未確認"), ("seen", "確認済み"), ("done", "対応済み")],
        "categories": [("road", "道路・交通"), ("flood", "浸水・水害")],
        "accuracies": [("pin", "地点"), ("block", "町丁目"), ("none", "場所なし")],
    }
    links = "".join(f'<link rel="stylesheet" href="/static/{style}">' for style in STYLES)
    return SHELL.format(links=links, body=render_to_string("ui/parts/map.html", context))


@dataclass
class MapServer:
    """Serves the page, the static files and the cases; ``down`` makes it fail."""

    cases: list[dict[str, Any]]
    changes: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False
    signed_out: bool = False
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> "MapServer":
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, str, bytes]:
        """Status, content type and body for a path."""
        if path == "/":
            return 200, "text/html; charset=utf-8", page().encode()
        if path.endswith("/map/config"):
            return 200, "application/json", mapbase.base_of("13208", "").plain
        if path.startswith("/static/"):
            return self._static(path.removeprefix("/static/"))
        if path.startswith("/staff/cases/"):
            return 200, "text/html; charset=utf-8", f"<title>{path}</title>".encode()
        if path in {"/data", "/changes"}:
            return self._cases(path, query)
        return 404, "text/plain", b""

    def _static(self, name: str) -> tuple[int, str, bytes]:
        for folder in STATIC:
            if (folder / name).is_file():
                return 200, TYPES[Path(name).suffix], (folder / name).read_bytes()
        return 404, "text/plain", b""

    def _cases(self, path: str, query: dict[str, list[str]]) -> tuple[int, str, bytes]:
        if self.down:
            return 503, "text/plain", b""
        if self.signed_out:
            return 200, "text/html", b"<title>sign in</title>"
        rows = self.cases if path == "/data" else self.changes
        seq = len(self.cases) + (len(self.changes) if path == "/changes" else 0)
        if path == "/changes":
            self.asked.append(query["since"][0])
            rows = rows if int(query["since"][0]) < seq else []
        body = {"seq": seq, "fields": FIELDS, "rows": [[row[f] for f in FIELDS] for row in rows]}
        return 200, "application/json", json.dumps(body).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                status, kind, body = server.answer(parts.path, parse_qs(parts.query))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", POLICY)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler
