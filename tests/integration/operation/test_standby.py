"""The machine dies: another one takes over from the copy, and what it had not got is found."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from madoguchi.web import standby as state

from ...fakes.postgres_copy import PostgresCopy
from .served import POSTGRES, Served, until

WAITING = "SELECT COUNT(*) FROM town_messages_{} WHERE state = 'waiting'"
TEXTS = "SELECT text FROM town_messages_inbound WHERE kind = 'text' ORDER BY id"


class Standby:
    """The second machine: a folder that holds the copy; on PostgreSQL a server of its own too."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.first = served
        self.copy = folder / "copy"
        self.copy.mkdir()
        self.data = folder / "second"
        self.server = PostgresCopy() if POSTGRES else None
        self._shipping: subprocess.Popen[bytes] | None = None

    def ship(self) -> None:
        """Begin to send copies; returns when all there is has arrived."""
        if self.server:
            self.server.follow()
        self._shipping = subprocess.Popen(
            [*CLI, "run", "--data", str(self.first.data), "--to", str(self.copy)],
            env=self.first.environment,
        )
        until(lambda: self.shipped() is not None)

    def shipped(self) -> object:
        """The moment up to which everything is in the copy, as the staff home knows it."""
        found = state.read(self.first.data)
        return found and not found.trouble and found.shipped_at

    def catch_up(self) -> None:
        """Wait until what is stored now has arrived."""
        for _ in range(2):
            before = self.shipped()
            until(lambda before=before: self.shipped() != before)
        if self.server:
            until(self.server.caught_up)

    def lose(self) -> None:
        """Nothing is sent from now on."""
        assert self._shipping is not None
        pid = self._shipping.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (*map(int, children), pid):
            os.kill(one, signal.SIGKILL)
        self._shipping.wait()
        if self.server:
            self.server.cut_off()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """``madoguchi standby`` on the second machine."""
        environment = self.first.environment | {"MADOGUCHI_DATA": str(self.data)}
        if self.server:
            environment["MADOGUCHI_PG_HOST"] = str(self.server.folder)
        return subprocess.run(
            [*CLI, *arguments], env=environment, capture_output=True, encoding="utf-8", check=False
        )

    def open(self) -> Served:
        """The town, served from the second machine at the same address."""
        host = str(self.server.folder) if self.server else ""
        second = Served(self.data, self.first.database, self.first.line, self.first.port, host=host)
        second.start()
        return second

    def old(self) -> str:
        """The first machine's database, which can be read again."""
        if not POSTGRES:
            return str(self.first.data / "madoguchi.sqlite3")
        to = self.first.environment
        return (
            f"postgresql://{to['MADOGUCHI_PG_USER']}@/{self.first.database}"
            f"?host={to['MADOGUCHI_PG_HOST']}&port={to['MADOGUCHI_PG_PORT']}"
        )

    def end(self) -> None:
        """Stop what runs."""
        if self._shipping and self._shipping.poll() is None:
            self._shipping.terminate()
            self._shipping.wait()
        if self.server:
            self.server.remove()


CLI = [sys.executable, "-m", "madoguchi.cli", "standby"]


@pytest.fixture
def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (20, 90, 160)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def standby(served: Served, tmp_path: Path) -> Iterator[Standby]:
    machine = Standby(served, tmp_path)
    yield machine
    machine.end()


def settled(town: Served) -> bool:
    return all(town.number(WAITING.format(table)) == 0 for table in ("inbound", "outbox"))


def test_the_standby_takes_over_and_what_it_had_not_got_is_taken_in(
    served: Served, standby: Standby, photo: bytes
) -> None:
    served.start()
    person = served.line.person("住民")
    standby.ship()
    served.line.send_text(person, "国領町1丁目の道路が冠水しています")
    served.line.send_image(person, photo)
    until(lambda: settled(served))
    standby.catch_up()
    standby.lose()
    served.line.send_text(person, "布田2丁目で木が倒れています")
    until(lambda: settled(served))
    served.kill()

    taken = standby.command("take-over", str(standby.copy))
    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert "届いたものは、入っていないことがあります" in taken.stdout
    again = standby.command("take-over", str(standby.copy))
    assert (again.returncode, "すでにデータがあります" in again.stderr) == (1, True)

    found = standby.command("missing", standby.old())
    assert "写しに入らなかったメッセージ：1件" in found.stdout, found.stderr
    assert "取り込みました：1件" in standby.command("missing", standby.old(), "--import").stdout
    assert "取り込みました：0件" in standby.command("missing", standby.old(), "--import").stdout

    second = standby.open()
    try:
        until(lambda: settled(second))
        assert [text for (text,) in second.rows(TEXTS)] == [
            "国領町1丁目の道路が冠水しています",
            "布田2丁目で木が倒れています",
        ]
        assert second.number("SELECT COUNT(*) FROM disaster_photo") == 1
        assert len(list((standby.data / "files").rglob("*.jpg"))) == 2
        numbers = [number for (number,) in second.rows("SELECT number FROM cases_case")]
        assert sorted(int(number[-6:]) for number in numbers) == [1, 102]
    finally:
        second.kill()


def test_a_machine_that_was_replaced_stops_sending(served: Served, standby: Standby) -> None:
    served.start()
    standby.ship()
    (standby.copy / "taken-over.json").write_text("{}")
    assert standby._shipping is not None
    assert standby._shipping.wait(timeout=30) == 1
    found = state.read(served.data)
    assert found is not None
    assert "引き継いで" in found.trouble


def test_shipping_into_the_data_folder_itself_is_refused(served: Served) -> None:
    done = subprocess.run(
        [*CLI, "run", "--data", str(served.data), "--to", str(served.data / "copy")],
        env=served.environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, "外" in done.stderr) == (1, True)


def test_the_copy_of_postgresql_is_seen_on_the_staff_home_or_its_right_is_asked_for(
    served: Served, standby: Standby
) -> None:
    """On SQLite the line is about litestream alone; see tests/integration/web/test_standby.py."""
    if standby.server is None:
        assert standby.command("status").returncode == 1
        return
    standby.server.follow()
    first = served.environment | {"MADOGUCHI_DATA": str(served.data)}

    def status() -> str:
        done = subprocess.run(
            [*CLI, "status"], env=first, capture_output=True, encoding="utf-8", check=False
        )
        return done.stdout

    assert "GRANT pg_monitor" in status()
    with standby.server.may_monitor():
        until(lambda: "よし 予備機への写し：" in status())
        standby.server.stop()
        until(lambda: "つながっていません" in status())
