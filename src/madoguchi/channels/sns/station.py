"""One connection that is listened to, whatever the network: connect, read, break, come back."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from madoguchi.channels.sns import feeds
from madoguchi.channels.sns.backoff import Backoff
from madoguchi.channels.sns.reach import Caller, Unreachable

log = logging.getLogger(__name__)

MOST_FRAMES = 500
STEP_S = 1.0
QUIET_S = 0.05


@dataclass(frozen=True, slots=True)
class Means:
    """What a station is given: how to call, what time it is (seconds), and luck (0 to 1)."""

    caller: Caller
    monotonic: Callable[[], float]
    jitter: Callable[[], float]


class Station(ABC):
    """Listens for one town. ``step`` is called again and again and soon returns."""

    name: str

    def __init__(self, means: Means) -> None:
        self._means = means
        self._line: ClientConnection | None = None
        self._backoff = Backoff(means.jitter)

    @abstractmethod
    def _open(self) -> ClientConnection:
        """Connect, from where the stream was left. Raises ``Unreachable``."""

    @abstractmethod
    def _take(self, frames: Sequence[str | bytes]) -> int:
        """Keep what the frames bring; how much was for us. Raises ``Unreachable``."""

    def step(self) -> int:
        """Connect if it is time, and take what has come; how many frames there were."""
        now = self._means.monotonic()
        if self._line is None and not self._backoff.may_try(now):
            return 0
        try:
            if self._line is None:
                self._line = self._open()
            frames, broken = self._read(self._line)
            self._take(frames)
            if broken:
                raise Unreachable("つながりが切れました。つなぎ直しています。")
        except Unreachable as why:
            self._hang_up(why.retry_after_s or 0.0)
            feeds.trouble(self.name, str(why))
            return 0
        except Exception as error:
            # What was read and not kept comes again only over a new connection. The text of an
            # error may hold what people wrote: only its type is logged.
            self._hang_up(0.0)
            log.error("%s: %s", self.name, type(error).__name__)
            return 0
        self._backoff.worked()
        feeds.heard(self.name)
        return len(frames)

    def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _hang_up(self, at_least_s: float) -> None:
        self.close()
        self._backoff.failed(self._means.monotonic(), at_least_s)

    def _read(self, line: ClientConnection) -> tuple[list[str | bytes], bool]:
        """What has come so far, and whether the connection has ended behind it."""
        frames: list[str | bytes] = []
        until = self._means.monotonic() + STEP_S
        while len(frames) < MOST_FRAMES and self._means.monotonic() < until:
            try:
                frames.append(line.recv(timeout=QUIET_S))
            except TimeoutError:
                break
            except ConnectionClosed:
                return frames, True
        return frames, False
