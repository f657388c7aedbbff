"""The warm standby, seen from the machine at work: litestream ships the database, we the files.

In a loop: note the time and the newest rows; bring the files up to date; let litestream ship
everything and wait for it; write a sealed beat with that time beside the copy. So whatever was
stored before the time of a beat is on the other machine, files included.
"""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from datetime import datetime
from pathlib import Path

from django.conf import settings

from madoguchi.kernel.clock import api as clock
from madoguchi.operation import backup
from madoguchi.operation.outcome import Failure
from madoguchi.operation.standby_mirror import Mirror
from madoguchi.operation.standby_places import (
    BEAT,
    FILES,
    LOG,
    TAKEN,
    Beat,
    litestream,
    newest_rows,
    put,
)
from madoguchi.web import standby as state

EVERY_S = 2.0
SHIP_S = 20
PR_SET_PDEATHSIG = 1
GONE = (
    "予備機がすでに引き継いでいます。この機械の窓口は止め、"
    "「madoguchi standby missing」で写しに入らなかったものを確かめてください。"
)


class Shipping:
    """Ships one house into ``copy``, a folder on (or mounted from) another machine."""

    def __init__(self, data: Path, copy: Path) -> None:
        self._data = data
        self._copy = copy
        self._mirror = Mirror(data, copy / FILES)
        self._own = Path(tempfile.mkdtemp(prefix="madoguchi-standby-"))
        self._child: subprocess.Popen[bytes] | None = None
        self._file = 0
        self._ending = threading.Event()
        self._last: datetime | None = None

    def run(self) -> None:
        """Ship until ``stop``; a failure is shown to staff and tried again."""
        if not self._copy.is_dir():
            raise Failure(
                f"写しを置くフォルダー {self._copy} がありません。"
                "予備機のフォルダーをつないでから、もう一度実行してください。"
            )
        try:
            while not self._ending.is_set():
                self.beat()
                self._ending.wait(EVERY_S)
        finally:
            if self._child is not None:
                self._child.terminate()
                self._child.wait()
            shutil.rmtree(self._own, ignore_errors=True)

    def stop(self) -> None:
        """End after the beat at hand."""
        self._ending.set()

    def beat(self) -> bool:
        """Ship what is stored by now; whether it worked. ``Failure`` once the copy is at work."""
        if (self._copy / TAKEN).exists():
            state.write(self._data, state.State(self._last, GONE))
            raise Failure(GONE)
        trouble = ""
        try:
            made = Beat(clock.now(), newest_rows())
            self._mirror.bring_up_to_date()
            if backup.on_sqlite():
                self._ship_database()
            put(self._copy / BEAT, made.as_json())
            self._last = made.at
        except OSError as error:
            trouble = (
                "予備機のフォルダーに書けません"
                f"（{os.strerror(error.errno or 0)}）。予備機と回線を確かめてください。"
            )
        except subprocess.SubprocessError:
            trouble = "データベースの写しを送れません。予備機と回線を確かめてください。"
        state.write(self._data, state.State(self._last, trouble))
        return not trouble

    def _ship_database(self) -> None:
        database = str(settings.DATABASES["default"]["NAME"])
        file = os.stat(database).st_ino
        if self._child is not None and file != self._file:  # a backup was put back
            self._child.terminate()
            self._child.wait()
        if self._child is None or self._child.poll() is not None:
            self._child, self._file = self._litestream(), file
        socket = str(self._own / "socket")
        command = [litestream(), "sync", "-wait", "-timeout", str(SHIP_S), "-socket", socket]
        subprocess.run(  # noqa: S603
            [*command, database], check=True, capture_output=True, timeout=SHIP_S + 5
        )

    def _litestream(self) -> subprocess.Popen[bytes]:
        """Start it and wait for its socket."""
        config = self._own / "litestream.yml"
        config.write_text(json.dumps(_config(self._own, self._copy)), encoding="utf-8")
        socket = self._own / "socket"
        socket.unlink(missing_ok=True)
        child = subprocess.Popen(  # noqa: S603
            [litestream(), "replicate", "-no-expand-env", "-config", str(config)],
            stdout=subprocess.DEVNULL,
            preexec_fn=_die_with_parent,
        )
        for _ in range(100):
            if socket.exists() or child.poll() is not None or self._ending.wait(0.1):
                break
        return child


def _config(own: Path, copy: Path) -> dict[str, object]:
    """Litestream's settings (JSON is YAML). It alone restarts the write-ahead log: it holds a
    reading transaction, so that SQLite's own checkpoints never drop what is not shipped yet."""
    replica = {"type": "file", "path": str(copy / LOG), "sync-interval": "1s"}
    database = str(settings.DATABASES["default"]["NAME"])
    return {
        "logging": {"level": "error", "stderr": True},
        "snapshot": {"interval": "6h", "retention": "24h"},
        "socket": {"enabled": True, "path": str(own / "socket")},
        "dbs": [{"path": database, "monitor-interval": "1s", "replica": replica}],
    }


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
