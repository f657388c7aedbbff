"""Files for a machine: systemd accepts them, and nothing strange gets into them."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from madoguchi.operation import service_files
from madoguchi.operation.outcome import Failure
from madoguchi.operation.service_files import Machine

HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
}


def unit(path: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment]
    parsed.read(path, encoding="utf-8")
    return parsed


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The files for a machine on which the program is /bin/true."""
    machine = Machine("madoguchi.example.lg.jp", "/bin/true", user="nobody", backups=str(tmp_path))
    service_files.write(tmp_path / "out", machine)
    return tmp_path / "out"


def test_every_file_is_written_and_nothing_is_left_open(written: Path) -> None:
    assert {p.name for p in written.iterdir()} == set(service_files.NAMES)
    for path in written.iterdir():
        text = path.read_text("utf-8")
        for key in Machine("h", "/c").values():
            assert f"@{key}@" not in text
    with pytest.raises(Failure, match="すでにあります"):
        service_files.write(written, Machine("h", "/c"))


def test_units_take_away_what_is_not_needed(written: Path) -> None:
    for name in ("madoguchi.service", "madoguchi-backup.service"):
        service = unit(written / name)["Service"]
        kept = {key: service.get(key) for key in HARDENED}
        assert kept == HARDENED
        assert service["User"] == "nobody"
    service = unit(written / "madoguchi.service")["Service"]
    assert service["Restart"] == "always"
    assert service["Type"] == "notify"
    assert service["ExecStart"].startswith("/bin/true serve --host 127.0.0.1")


@pytest.mark.parametrize(
    "name", [n for n in service_files.NAMES if n.endswith((".service", ".timer"))]
)
def test_systemd_accepts_the_units(written: Path, name: str) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:  # a machine without systemd: the lines at least are lines
        assert unit(written / name).sections()
        return
    done = subprocess.run(
        [tool, "verify", str(written / name)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"PATH": "/usr/bin:/bin", "SYSTEMD_LOG_LEVEL": "warning"},
    )
    ours = [line for line in done.stderr.splitlines() if "madoguchi" in line]
    assert ours == []


@pytest.mark.parametrize(
    "bad",
    [
        {"host": "a b"},
        {"host": "x;\nreturn 200"},
        {"host": "h", "command": "/opt/my app/bin"},
        {"host": "h", "command": "madoguchi"},
        {"host": "h", "user": "root; x"},
        {"host": "h", "backups": "/b'; rm"},
    ],
)
def test_what_would_break_out_of_a_line_is_refused(bad: dict[str, str]) -> None:
    with pytest.raises(Failure, match="使えない文字"):
        Machine(**({"command": "/opt/madoguchi"} | bad))
