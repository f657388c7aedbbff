"""What systemd hears."""

import socket
import threading
from pathlib import Path

import pytest

from madoguchi.operation import notifying


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> socket.socket:
    """A socket that listens as systemd does."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listening.bind(str(tmp_path / "notify"))
    listening.settimeout(10)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    return listening


def test_it_hears_that_the_house_is_open_and_well(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000")
    well = threading.Event()
    well.set()
    notifying.opened(well.is_set)
    assert manager.recv(99) == b"READY=1"
    assert manager.recv(99) == b"WATCHDOG=1"
    well.clear()
    manager.settimeout(0.2)
    with pytest.raises(TimeoutError):
        drain(manager)
    manager.close()


def drain(manager: socket.socket) -> None:
    for _ in range(100):
        manager.recv(99)


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notifying.tell("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", "/nobody/listens")
    assert not notifying.tell("READY=1")
