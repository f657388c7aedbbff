"""The life of the process: it answers, it ends, it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page


def children(pid: int) -> list[int]:
    """Process ids of the children of ``pid``, from the kernel's own list."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def gone(pids: list[int], seconds: float) -> bool:
    """Whether all processes ended within ``seconds``."""
    until = time.monotonic() + seconds
    while any(running(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def running(pid: int) -> bool:
    """Whether a process lives; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def refuses(url: str) -> bool:
    """Whether nobody listens any more: the port can be taken, which a living listener forbids."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", urlsplit(url).port or 0))
        except OSError:
            return False
    return True


def test_the_town_answers_by_its_name(house) -> None:
    answer = httpx.get(f"{house.url}/", trust_env=False)
    assert answer.status_code == 200
    assert "調布市" in answer.text


def test_a_second_demo_at_the_same_port_is_refused_in_words(house, tmp_path) -> None:
    port = str(urlsplit(house.url).port)
    second = subprocess.run(
        [*house.process.args[:3], "demo", "--port", port, "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert second.returncode == 1
    assert "ほかのプログラムが使っています" in second.stderr
    assert second.stdout == ""


def ends(opened, how: signal.Signals, expected: int) -> None:
    """The house ends within 5 s, with all its processes, though a browser keeps a connection."""
    pids = [opened.process.pid, *children(opened.process.pid)]
    assert len(pids) > 1
    with httpx.Client(trust_env=False) as visitor:
        visitor.get(f"{opened.url}/")
        begun = time.monotonic()
        opened.process.send_signal(how)
        assert opened.process.wait(timeout=5) == expected
        assert gone(pids, 5 - (time.monotonic() - begun))
    assert refuses(opened.url)


def test_all_ends_within_five_seconds_of_sigterm(start) -> None:
    ends(start(), signal.SIGTERM, 0)


def test_another_town_in_a_plain_locale_ends_at_ctrl_c(start) -> None:
    opened = start("--town", "13205", LANG="C", LC_ALL="C")
    assert "青梅市の窓口を開きました" in opened.printed
    assert "青梅市" in httpx.get(f"{opened.url}/", trust_env=False).text
    ends(opened, signal.SIGINT, 0)


def test_after_a_kill_nothing_is_left_and_the_next_start_begins_anew(start) -> None:
    first = start()
    pids = [first.process.pid, *children(first.process.pid)]
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    assert gone(pids, 3)

    second = start()
    old, new = (house.staff_link.rpartition("/")[2] for house in (first, second))
    assert "このリンクは使えません" in enter(second, old)
    assert "このリンクは1回だけ使えます" in enter(second, new)


def enter(opened, token: str) -> str:
    """The page of a one-time link, looked at but not used."""
    return httpx.get(f"{opened.url}/staff/enter/{token}", trust_env=False).text


def test_a_second_demo_of_the_same_town_leaves_the_first_alone(house) -> None:
    second = subprocess.run(
        [*house.process.args[:3], "demo", "--port", "65001", "--data", str(house.data)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert second.returncode == 1
    assert "すでに開いています" in second.stderr
    assert httpx.get(f"{house.url}/", trust_env=False).status_code == 200


def test_staff_enter_by_the_printed_link(staff: Page) -> None:
    staff.goto("/staff/")
    assert "調布市" in staff.title()
    assert "待っている仕事" in staff.get_by_role("main").inner_text()
