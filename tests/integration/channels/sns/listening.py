"""Our side of the tests of streams: the stations of one process, and what they brought."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from madoguchi.channels.sns.collecting import Stations
from madoguchi.channels.sns.models import Feed
from madoguchi.channels.sns.reach import Caller
from madoguchi.channels.sns.station import Means
from madoguchi.kernel.messages.models import Inbound

from ....fakes.sns_mastodon import TOKEN

PATIENCE_S = 20.0


@dataclass
class House:
    """Our side: the stations of one process, and a clock for their waits that can be advanced."""

    shift: float = 0.0
    stations: list[Stations] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """The process is another one."""
        for old in self.stations:
            old.close()
        means = Means(Caller(local=True), lambda: time.monotonic() + self.shift, lambda: 1.0)
        self.stations = [Stations(means, {"TOKEN_OF_TESTS": TOKEN})]

    def step(self) -> int:
        """Look once."""
        return self.stations[0].step()

    def until(self, condition: Callable[[], object]) -> None:
        """Look until something is so; waits between attempts cost no time."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, list(Feed.objects.values_list("name", "problem"))
            if not self.step():
                self.shift += 1.0


def texts() -> list[str]:
    """The words that stand in the inbox, in order."""
    rows = Inbound.objects.filter(channel="sns", kind="text").order_by("id")
    return list(rows.values_list("text", flat=True))


def cursor(name: str) -> str:
    """How far a feed was read."""
    return Feed.objects.get(name__startswith=name, cursor__gt="").cursor
