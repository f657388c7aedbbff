"""Serve the pages: granian in front, the working threads beside it in the same process.

On SQLite there is one process and it does everything. On PostgreSQL there may be many of them, and
some may only serve or only work.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from madoguchi.operation import house, notifying
from madoguchi.operation.outcome import Failure

KILL_AFTER_S = 2
"""A request that hangs does not hold up the end for longer."""


class Part(StrEnum):
    """What the processes do."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Plan:
    """How to serve. ``beside`` runs in the serving process before the first request."""

    host: str
    port: int
    threads: int
    workers: int = 1
    part: Part = Part.ALL
    beside: Callable[[], object] | None = None
    announce: str = ""


def refuse_taken(host: str, port: int) -> None:
    """Raise ``Failure`` when another program listens there (granian itself would share it)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(
                f"{host} のポート {port} を使えません（{os.strerror(error.errno or 0)}）。\n"
                "ほかのプログラムが使っています。止めるか、別のポートを指定してください"
                f"（例：--port {port + 1}、make demo なら PORT={port + 1}）。"
            ) from error


def serve(plan: Plan) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code. Django is set up already."""
    house.let_go()
    if plan.part is Part.WORKER:
        return _work()
    refuse_taken(plan.host, plan.port)
    parent = os.getpid()

    def load() -> Any:
        house.die_with(parent)
        return _open(plan)

    server = Server(
        target="madoguchi.web.wsgi:application",
        address=plan.host,
        port=plan.port,
        interface=Interfaces.WSGI,
        workers=plan.workers,
        blocking_threads=plan.threads,
        workers_kill_timeout=KILL_AFTER_S,
        respawn_failed_workers=plan.workers > 1,
        websockets=False,
        log_level=LogLevels.error,
    )
    server.serve(spawn_target=_child, target_loader=load, wrap_loader=False)
    return 0


def _open(plan: Plan) -> Any:
    """In the serving process: start what stands beside the web; returns the application."""
    from madoguchi.web import runtime
    from madoguchi.web.wsgi import application

    if plan.beside is not None:
        plan.beside()
    if plan.part is Part.ALL:
        runtime.start(alone=not house.on_postgres())
    if plan.announce:
        print(plan.announce, flush=True)
    notifying.opened(runtime.healthy)
    return application


def _child(*arguments: Any, **options: Any) -> None:
    """The serving process from its first to its last moment."""
    try:
        Server._spawn_wsgi_worker(*arguments, **options)
    finally:
        from madoguchi.web import runtime

        runtime.stop()


def _work() -> int:
    """Only the working threads, in this process, until a signal."""
    from madoguchi.web import runtime

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    runtime.start()
    notifying.opened(runtime.healthy)
    ended.wait()
    return 0 if runtime.stop() else 1
