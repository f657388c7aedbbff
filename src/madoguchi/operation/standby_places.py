"""The folder of the copy: what lies where, and the sealed beat that says how far it reaches."""

import hmac
import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from madoguchi.operation.outcome import Failure

LOG, FILES, BEAT, TAKEN = "log", "files", "beat.json", "taken-over.json"
"""Litestream's part, the mirror of the files, the newest beat, and the mark that stops shipping."""


@dataclass(frozen=True, slots=True)
class Beat:
    """Everything stored before ``at`` is in the copy: at least up to these rows (highest ids)."""

    at: datetime
    rows: dict[str, int]

    def as_json(self) -> str:
        """The sealed form; Django must know the house's key."""
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
    """The highest ids of the tables that only grow; Django must be set up."""
    from madoguchi.kernel.audit.models import Entry
    from madoguchi.kernel.messages.models import Inbound, Outbox
    from madoguchi.kernel.towns import current

    with current.everywhere("how far the rows go"):
        return {
            name: model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            for name, model in (("inbound", Inbound), ("outbox", Outbox), ("entry", Entry))
        }


def put(path: Path, text: str) -> None:
    """Write a small file in one step, on the disk before it has its name. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        part.chmod(0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def litestream() -> str:
    """Where the program is; raises ``Failure``."""
    beside = Path(sys.executable).with_name("litestream")
    found = str(beside) if beside.is_file() else shutil.which("litestream")
    if not found:
        raise Failure(
            "litestream がありません。「pip install 'madoguchi[standby]'」で入れてください。"
        )
    return found


def _seal(content: Mapping[str, object]) -> str:
    from madoguchi.kernel.audit.keys import sign

    return sign("standby", json.dumps(content, sort_keys=True).encode())
