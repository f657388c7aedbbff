"""Who may see a photo: rooms that know the viewer say so."""

from collections.abc import Callable

from django.http import HttpRequest

from madoguchi.kernel.files.data import FileRef

Guard = Callable[[HttpRequest, FileRef], bool | None]
"""True: may see it; False: must not; None: no opinion."""

_guards: list[Guard] = []


def register_guard(guard: Guard) -> None:
    """Ask ``guard`` about every photo that is asked for; registering twice counts once."""
    if guard not in _guards:
        _guards.append(guard)


def may_see(request: HttpRequest, file: FileRef) -> bool:
    """Whether one guard allows it and none forbids it."""
    verdicts = [guard(request, file) for guard in _guards]
    return True in verdicts and False not in verdicts
