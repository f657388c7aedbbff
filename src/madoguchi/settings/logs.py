"""Logs to stderr without personal data: no texts of exceptions, no addresses asked for."""

import logging
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


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


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "discreet": {
            "()": "madoguchi.settings.logs.Discreet",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "madoguchi": {"level": "INFO"},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
}
