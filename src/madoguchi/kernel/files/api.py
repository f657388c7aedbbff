"""The only Python door of the room: keep photos, find them again, erase them."""

from madoguchi.kernel.files.access import Guard, may_see, register_guard
from madoguchi.kernel.files.data import FileNotKept, FileRef, FileRefused
from madoguchi.kernel.files.keeping import accept, erase, id_of, open_file, ref, ref_by_key
from madoguchi.kernel.files.sweeping import sweep_orphans

__all__ = [
    "FileNotKept",
    "FileRef",
    "FileRefused",
    "Guard",
    "accept",
    "erase",
    "id_of",
    "may_see",
    "open_file",
    "ref",
    "ref_by_key",
    "register_guard",
    "sweep_orphans",
]
