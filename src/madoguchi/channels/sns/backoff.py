"""When to try again: doubling, at most five minutes, and never all at the same moment."""

from collections.abc import Callable
from dataclasses import dataclass, field

FIRST_S = 1.0
LONGEST_S = 300.0


@dataclass(slots=True)
class Backoff:
    """``jitter`` gives a number from 0 to 1; the wait is between half of it and all of it."""

    jitter: Callable[[], float]
    failures: int = field(default=0)
    until: float = field(default=0.0)

    def failed(self, now: float, at_least_s: float = 0.0) -> float:
        """Note a failure at ``now`` (seconds of any clock); the wait in seconds."""
        longest = min(FIRST_S * 2.0 ** min(self.failures, 20), LONGEST_S)
        wait = max(at_least_s, longest * (0.5 + 0.5 * self.jitter()))
        self.failures += 1
        self.until = now + wait
        return wait

    def worked(self) -> None:
        """The connection is good: the next failure begins with the shortest wait."""
        self.failures = 0

    def may_try(self, now: float) -> bool:
        """Whether the wait is over."""
        return now >= self.until
