"""Photos are kept once, whole or not at all, and leave nothing behind."""

import errno
import io
import os
import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from PIL import Image
from pytest_django.fixtures import Settings

from madoguchi.kernel.clock.api import FixedClock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.files import disk
from madoguchi.kernel.files.models import StoredFile
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town


def photo(colour: str = "red", size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def photo_with_position() -> bytes:
    notes = Image.Exif()
    notes.get_ifd(0x8825).update({1: "N", 2: (35, 39, 9.0), 3: "E", 4: (139, 32, 26.4)})
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG", exif=notes)
    return out.getvalue()


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def on_disk(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def age(path: Path, clock: FixedClock, hours: float) -> None:
    at = (clock.now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))


def test_a_photo_is_kept_under_its_town_and_key(town: Town, data_folder: Path) -> None:
    ref = files.accept(photo_with_position())
    assert ref.point is not None
    assert (ref.width, ref.height, round(ref.point.lat, 3)) == (64, 48, 35.653)
    key = str(ref.key)
    expected = data_folder / "files" / "13208" / key[:2]
    assert on_disk(data_folder) == sorted([expected / f"{key}.jpg", expected / f"{key}.thumb.jpg"])
    assert files.open_file(ref.key) == expected / f"{key}.jpg"
    assert b"Exif" not in files.open_file(key).read_bytes()
    assert files.ref(ref.id) == files.ref_by_key(key) == ref
    assert files.id_of(key) == ref.id
    assert (expected.stat().st_mode & 0o077) == 0


def test_the_same_bytes_are_kept_once_in_a_town(
    town: Town, other_town: Town, data_folder: Path
) -> None:
    first, second = files.accept(photo()), files.accept(photo())
    assert first == second
    with current.use(other_town.pk):
        elsewhere = files.accept(photo())
        with pytest.raises(StoredFile.DoesNotExist):
            files.ref_by_key(first.key)
        with pytest.raises(StoredFile.DoesNotExist):
            files.open_file(first.key)
    assert elsewhere.key != first.key
    assert len(on_disk(data_folder)) == 4


def test_limits_come_from_the_settings(town: Town, settings: Settings) -> None:
    settings.FILES_MAX_PIXELS = 100
    with pytest.raises(files.FileRefused, match="画素数"):
        files.accept(photo())
    settings.FILES_MAX_BYTES = 100
    with pytest.raises(files.FileRefused, match="大きすぎ"):
        files.accept(photo())


def test_a_full_disk_is_said_and_leaves_nothing(
    town: Town, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync
    calls: list[int] = []

    def full_at_the_second_file(handle: int) -> None:
        if os.path.isfile(f"/proc/self/fd/{handle}"):
            calls.append(handle)
            if len(calls) == 2:
                raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full_at_the_second_file)
    with pytest.raises(files.FileNotKept, match="いま写真を保存できません") as caught:
        files.accept(photo())
    assert caught.value.retry
    assert on_disk(data_folder) == []
    assert not StoredFile.objects.exists()
    monkeypatch.undo()
    assert files.open_file(files.accept(photo()).key).is_file()


def test_a_crash_between_disk_and_row_leaves_an_orphan_that_is_swept(
    town: Town, data_folder: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    kept = files.accept(photo("blue"))
    monkeypatch.setattr(StoredFile.objects, "create", killed)
    with pytest.raises(Killed):
        files.accept(photo("red"))
    monkeypatch.undo()
    assert len(on_disk(data_folder)) == 4
    unfinished = disk.path_of("13208", uuid.uuid4(), "full")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    part = unfinished.with_name(unfinished.name + ".part")
    part.write_bytes(b"half")
    for path in on_disk(data_folder):
        age(path, clock, 23)
    assert files.sweep_orphans(timedelta(hours=24)) == 0
    for path in on_disk(data_folder):
        age(path, clock, 25)
    assert files.sweep_orphans(timedelta(hours=24)) == 3
    assert len(on_disk(data_folder)) == 2
    assert files.open_file(kept.key).is_file()
    # What was lost in the crash can be sent again.
    assert files.accept(photo("red")).id


def test_sweeping_too_early_is_refused(town: Town) -> None:
    with pytest.raises(ValueError, match="younger"):
        files.sweep_orphans(timedelta(minutes=5))


def test_a_rolled_back_row_leaves_only_an_orphan(town: Town, data_folder: Path) -> None:
    class Stop(Exception):
        pass

    def keep_and_stop() -> None:
        with transaction.atomic():
            files.accept(photo())
            raise Stop

    with pytest.raises(Stop):
        keep_and_stop()
    assert not StoredFile.objects.exists()
    assert len(on_disk(data_folder)) == 2


def test_erasing_takes_content_place_and_hash_and_keeps_the_row(
    town: Town, data_folder: Path, django_capture_on_commit_callbacks: object
) -> None:
    ref = files.accept(photo_with_position())
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        files.erase(ref.id)
    gone = files.ref(ref.id)
    assert (gone.point, gone.sha256, gone.taken_at) == (None, "", None)
    assert on_disk(data_folder) == []
    with pytest.raises(StoredFile.DoesNotExist):
        files.open_file(ref.key)
    again = files.accept(photo_with_position())
    assert again.id != ref.id


@pytest.mark.django_db(transaction=True)
def test_the_same_photo_at_once_gives_one_row(data_folder: Path) -> None:
    town = towns.create_town("13208")
    data, found, gate = photo(size=(300, 300)), [], threading.Barrier(4)

    def send() -> None:
        try:
            with current.use(town.pk):
                gate.wait(10)
                found.append(files.accept(data).key)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(on_disk(data_folder)) == 2
