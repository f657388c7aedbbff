"""Logs to stderr without personal data: no texts of exceptions, no addresses asked for."""

import fcntl
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

FILE_BYTES, FILES = 10_000_000, 10


class Discreet(logging.Formatter):
    """Says where something broke and its type; never what somebody wrote or asked for."""

    def format(self, record: logging.LogRecord) -> str:
        """Django's lines about a request name the route, not the address with its tokens."""
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            route = match.route if match else "?"
            record = logging.makeLogRecord(
                {
                    **record.__dict__,
                    "msg": f"{getattr(record, 'status_code', '')} {request.method} {route}",
                    "args": (),
                    "exc_text": None,
                }
            )
        return super().format(record)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """UTC with its mark, so that logs of several machines can be laid side by side."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatException(self, ei: _ExcInfo) -> str:
        """Type of the exception and the places it passed, without its text."""
        kind, _, step = ei
        lines = []
        while step is not None:
            code = step.tb_frame.f_code
            lines.append(f"  {code.co_filename}:{step.tb_lineno} {code.co_name}")
            step = step.tb_next
        return "\n".join([kind.__name__ if kind else "", *lines])


class TurningFile(logging.Handler):
    """Appends to a file that turns over when it is full; several processes may share it.

    The file is opened for each line: after a turn nobody writes into the old one. Where it cannot
    be written (a full disk, say) the line goes to stderr, and nobody waits.
    """

    def __init__(self, path: str, most_bytes: int = FILE_BYTES, files: int = FILES) -> None:
        super().__init__()
        self._path, self._most_bytes, self._files = Path(path), most_bytes, files

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        line = self.format(record) + "\n"
        try:
            with self._path.with_suffix(".lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._turn(len(line.encode("utf-8", "replace")))
                with self._path.open("a", encoding="utf-8", errors="replace") as file:
                    os.chmod(file.fileno(), 0o600)
                    file.write(line)
        except OSError:
            sys.stderr.write(line)

    def _turn(self, more: int) -> None:
        if not self._path.exists() or self._path.stat().st_size + more <= self._most_bytes:
            return
        for number in range(self._files - 1, 0, -1):
            older = self._numbered(number)
            if older.exists():
                older.replace(self._numbered(number + 1))
        self._path.replace(self._numbered(1))
        self._numbered(self._files).unlink(missing_ok=True)

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


def handler(folder: str) -> dict[str, Any]:
    """Where lines go: stderr (systemd keeps it in its journal), or files below ``folder``.

    Files turn over at 10 MB and the oldest of ten goes. The lines hold no personal data either way.
    """
    if not folder:
        return {"class": "logging.StreamHandler", "formatter": "discreet"}
    return {
        "()": "madoguchi.settings.logs.TurningFile",
        "formatter": "discreet",
        "path": str(Path(folder) / "madoguchi.log"),
    }


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "discreet": {
            "()": "madoguchi.settings.logs.Discreet",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"lines": handler(os.environ.get("MADOGUCHI_LOG_DIR", ""))},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        "madoguchi": {"level": "INFO"},
        "django": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
}
