"""What the rest of the house knows of a kept photo."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from madoguchi.kernel.places.data import Point


@dataclass(frozen=True, slots=True)
class FileRef:
    """A photo as it was kept.

    ``width`` and ``height`` are pixels of the kept copy; ``sha256`` is that of the bytes received;
    ``point`` and ``taken_at`` were read from the camera's notes, which the kept copies no longer
    hold.
    """

    id: int
    key: uuid.UUID
    width: int
    height: int
    sha256: str
    point: Point | None
    taken_at: datetime | None


class FileRefused(Exception):
    """The upload cannot be kept; the text is Japanese and tells the sender what to do.

    ``retry`` is True when the same bytes may be taken later (the disk is full, say).
    """

    retry = False


class FileNotKept(FileRefused):
    """The photo itself is fine, but the machine could not keep it now."""

    retry = True
