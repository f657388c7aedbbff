"""Files with which a machine serves a town day and night: systemd, nginx or Caddy.

Their texts stand in ``service/`` with ``@NAME@`` where a machine has its own value.
"""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from madoguchi.operation.outcome import USAGE, Failure

NAMES = (
    "madoguchi.service",
    "madoguchi-backup.service",
    "madoguchi-backup.timer",
    "madoguchi-nginx.conf",
    "Caddyfile",
    "madoguchi.env",
)
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{1,63}")
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_PATH = re.compile(r"/[A-Za-z0-9._/-]+")


@dataclass(frozen=True, slots=True)
class Machine:
    """What differs from machine to machine; ports as numbers, paths absolute."""

    host: str
    command: str
    user: str = "madoguchi"
    port: int = 8000
    backups: str = "/var/backups/madoguchi"
    certificate: str = ""
    key: str = ""
    http: int = 80
    https: int = 443

    def __post_init__(self) -> None:
        """Raise ``Failure`` for what would not stand in such a file as it is."""
        wrong = [
            not _HOST.fullmatch(self.host) and f"ホスト名（{self.host}）",
            not _USER.fullmatch(self.user) and f"利用者の名前（{self.user}）",
            not _PATH.fullmatch(self.command) and f"プログラムの場所（{self.command}）",
            not _PATH.fullmatch(self.backups) and f"バックアップの場所（{self.backups}）",
        ]
        for part in filter(None, wrong):
            raise Failure(f"{part}に使えない文字があります。", USAGE)

    def values(self) -> dict[str, str]:
        """What stands for each ``@NAME@``."""
        folder = f"/etc/letsencrypt/live/{self.host}"
        return {
            "HOST": self.host,
            "COMMAND": self.command,
            "USER": self.user,
            "PORT": str(self.port),
            "BACKUPS": self.backups,
            "CERTIFICATE": self.certificate or f"{folder}/fullchain.pem",
            "KEY": self.key or f"{folder}/privkey.pem",
            "HTTP": str(self.http),
            "HTTPS": str(self.https),
        }


def text_of(name: str, machine: Machine) -> str:
    """One of the files for a machine."""
    text = files("madoguchi.operation").joinpath("service", name).read_text("utf-8")
    for key, value in machine.values().items():
        text = text.replace(f"@{key}@", value)
    return text


def write(folder: Path, machine: Machine) -> list[Path]:
    """Write all of them into ``folder``; raises ``Failure`` rather than replace one."""
    targets = [folder / name for name in NAMES]
    if there := [target for target in targets if target.exists()]:
        raise Failure(f"{there[0]} はすでにあります。別の場所にするか、消してください。")
    folder.mkdir(parents=True, exist_ok=True)
    for target in targets:
        target.write_text(text_of(target.name, machine), encoding="utf-8")
    return targets
