"""Keep a photo, find it again, erase it."""

import hashlib
import logging
import threading
import uuid
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import disk, pictures
from madoguchi.kernel.files.data import FileNotKept, FileRef
from madoguchi.kernel.files.models import StoredFile
from madoguchi.kernel.places.data import Point
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

log = logging.getLogger(__name__)

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000

# One photo of 50 megapixels takes some 300 MB while it is decoded.
_decoding = threading.BoundedSemaphore(2)


def accept(data: bytes) -> FileRef:
    """Keep an upload of the current town; the same bytes again give the same photo.

    Both copies are on the disk, durably, before the row is written; call it outside a transaction
    where you can, decoding takes time. Raises ``FileRefused`` (Japanese words for the sender), and
    of its kinds ``FileNotKept`` when the disk is full: nothing is left half.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    known = StoredFile.objects.filter(sha256=sha256).first()
    if known is not None:
        return ref_of(known)
    with _decoding:
        picture = pictures.clean(
            data,
            max_bytes=getattr(settings, "FILES_MAX_BYTES", MAX_BYTES),
            max_pixels=getattr(settings, "FILES_MAX_PIXELS", MAX_PIXELS),
        )
    code, key = town_code(), uuid.uuid4()
    _write_both(code, key, picture)
    try:
        with transaction.atomic():
            row = StoredFile.objects.create(
                key=key,
                sha256=sha256,
                width=picture.width,
                height=picture.height,
                size_bytes=len(picture.full),
                lat=picture.point.lat if picture.point else None,
                lon=picture.point.lon if picture.point else None,
                taken_at=picture.taken_at,
            )
    except IntegrityError:  # the same photo came at the same time by another way
        disk.remove(code, key)
        row = StoredFile.objects.get(sha256=sha256)
    return ref_of(row)


def ref(file_id: int) -> FileRef:
    """A kept photo by its row's id; raises ``StoredFile.DoesNotExist``."""
    return ref_of(StoredFile.objects.get(pk=file_id))


def ref_by_key(key: uuid.UUID | str) -> FileRef:
    """A kept photo of the current town by its key; raises ``StoredFile.DoesNotExist``."""
    return ref_of(StoredFile.objects.get(key=key, erased_at=None))


def id_of(key: uuid.UUID | str) -> int:
    """The row's id of a key; raises ``StoredFile.DoesNotExist``."""
    return ref_by_key(key).id


def open_file(key: uuid.UUID | str, size: disk.Size = "full") -> Path:
    """Where a copy stands; raises ``StoredFile.DoesNotExist`` or FileNotFoundError."""
    path = disk.path_of(town_code(), ref_by_key(key).key, size)
    if not path.is_file():
        raise FileNotFoundError(path.name)
    return path


def erase(file_id: int) -> None:
    """Erase what a photo shows and tells; the row stays for those who point at it."""
    with transaction.atomic():
        row = StoredFile.objects.select_for_update().get(pk=file_id)
        row.sha256 = row.lat = row.lon = row.taken_at = None
        row.erased_at = row.erased_at or clock.now()
        row.save()
        code, key = town_code(), row.key
        transaction.on_commit(lambda: disk.remove(code, key))


def ref_of(row: StoredFile) -> FileRef:
    """A row as plain data."""
    return FileRef(
        id=row.pk,
        key=row.key,
        width=row.width,
        height=row.height,
        sha256=row.sha256 or "",
        point=Point(row.lat, row.lon) if row.lat is not None and row.lon is not None else None,
        taken_at=row.taken_at,
    )


def _write_both(code: str, key: uuid.UUID, picture: pictures.Picture) -> None:
    try:
        disk.write(disk.path_of(code, key, "full"), picture.full)
        disk.write(disk.path_of(code, key, "thumb"), picture.thumb)
    except OSError as error:
        disk.remove(code, key)
        log.error("a photo could not be written: errno %s", error.errno)
        raise FileNotKept(
            "いま写真を保存できません。先に文字だけで送ってください。"
            "写真は、しばらくしてからもう一度送ってください。"
        ) from error


def town_code() -> str:
    """The code of the current town, which names its folder."""
    return Town.objects.values_list("code", flat=True).get(pk=current.town_id())
