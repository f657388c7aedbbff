"""Failures on command."""

import threading
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """How LINE fails."""

    STATUS = "status"  # refuses with a status, nothing is sent
    LATE = "late"  # answers after a while
    HANG = "hang"  # never answers, nothing is sent
    CLOSE = "close"  # closes the connection, nothing is sent
    LOST = "lost"  # sends the messages, and the answer never arrives
    LOST_500 = "lost_500"  # sends the messages, and answers 500


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure; ``path`` is a part of the paths that it concerns ("" for all)."""

    trouble: Trouble
    path: str = ""
    status: int = 500
    retry_after: str = ""
    seconds: float = 0.0


class Faults:
    """The failures that are planned: each planned one happens once, a standing one always."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Fault] = []
        self._standing: Fault | None = None
        self._released = threading.Event()

    def plan(
        self,
        trouble: Trouble,
        *,
        path: str = "",
        status: int = 500,
        retry_after: str = "",
        seconds: float = 0.0,
        times: int = 1,
    ) -> None:
        """Let the next ``times`` requests to ``path`` fail."""
        fault = Fault(trouble, path, status, retry_after, seconds)
        with self._lock:
            self._planned += [fault] * times

    def always(self, trouble: Trouble, *, path: str = "", status: int = 500) -> None:
        """Let every request to ``path`` fail until ``clear``."""
        with self._lock:
            self._standing = Fault(trouble, path, status)

    def clear(self) -> None:
        """Nothing fails any more; requests that hang end."""
        with self._lock:
            self._planned.clear()
            self._standing = None
            self._released.set()
            self._released = threading.Event()

    def take(self, path: str) -> Fault | None:
        """The failure of a request to ``path``, if one is planned."""
        with self._lock:
            for index, fault in enumerate(self._planned):
                if fault.path in path:
                    return self._planned.pop(index)
            standing = self._standing
            return standing if standing and standing.path in path else None

    def left(self) -> int:
        """How many planned failures have not begun yet."""
        with self._lock:
            return len(self._planned)

    def wait(self, seconds: float) -> None:
        """Hang until ``clear``, at most ``seconds``."""
        self._released.wait(seconds)
