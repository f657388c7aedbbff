"""The threads beside the web: what came in is worked on, what goes out is sent, the log is sealed.

The rows are the only truth of pending work; a thread looks at them when it is woken and once a
second. An error never ends a thread, and its text is never logged: it may hold what people wrote.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import close_old_connections, connections

from madoguchi.channels import registry
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.files import api as files
from madoguchi.kernel.messages import router, wakeup, worker
from madoguchi.kernel.messages.data import Delivery, Outcome, Receipt
from madoguchi.kernel.places import api as places
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town
from madoguchi.ui import services
from madoguchi.web import purging

log = logging.getLogger(__name__)

POLL_S = 1.0
SWEEP_S = 600.0
TROUBLE_S = 1.0
STOP_S = 1.0
ORPHAN_AGE = timedelta(hours=1)
CHANNEL_OFF = "この町では、この窓口を切ってあります。電話など別の方法で伝えてください。"

Step = Callable[[], int]
"""Does some pending work; returns how much it found."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one thread does again and again. ``wait`` returns when there may be work again."""

    name: str
    step: Step
    wait: Callable[[], None]


class Runtime:
    """The working threads of one process; started once, stopped once."""

    def __init__(self, jobs: list[Job] | None = None) -> None:
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(job,), name=job.name, daemon=True)
            for job in (self._jobs() if jobs is None else jobs)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def alive(self) -> bool:
        """Whether every thread is at work."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self, seconds: float = STOP_S) -> bool:
        """Let each thread finish its row; whether all ended within ``seconds``.

        What a thread could not finish stays in its row and is taken up after the restart.
        """
        self._stopping.set()
        wakeup.everyone()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _jobs(self) -> list[Job]:
        down: worker.Doors = {}
        return [
            Job("inbox", worker.work_inbox, lambda: wakeup.wait_inbox(POLL_S)),
            Job(
                "photos",
                lambda: worker.work_photos(_fetch_media),
                lambda: wakeup.wait_photos(POLL_S),
            ),
            Job(
                "outbox",
                lambda: worker.work_outbox(_deliver, down),
                lambda: wakeup.wait_outbox(POLL_S),
            ),
            Job("sealer", lambda: audit.seal(clock.now()), lambda: self._pause(POLL_S)),
            Job("sweeper", sweep, lambda: self._pause(SWEEP_S)),
            Job("retention", keep_no_longer, lambda: self._pause(SWEEP_S)),
            *(self._collecting(collector) for collector in registry.collectors()),
        ]

    def _collecting(self, collector: registry.Collector) -> Job:
        return Job(collector.name, collector.step, lambda: self._pause(collector.pause_s))

    def _pause(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def _run(self, job: Job) -> None:
        while not self._stopping.is_set():
            try:
                close_old_connections()
                found = job.step()
            except Exception as error:
                log.error("%s: %s", job.name, type(error).__name__)
                connections.close_all()
                self._pause(TROUBLE_S)
                continue
            if not found:
                job.wait()
        connections.close_all()


def sweep() -> int:
    """Remove what nobody needs any more: photos without a row, sessions that ended."""
    Session.objects.filter(expire_date__lt=clock.now() - timedelta(days=1)).delete()
    for town in _towns():
        with current.use(town):
            files.sweep_orphans(ORPHAN_AGE)
    return 0


def keep_no_longer() -> int:
    """Delete some of the rows whose retention is over; returns how many, 0 when all are gone."""
    gone = 0
    for town in _towns():
        with current.use(town):
            gone += purging.purge(clock.now())
    return gone


def _towns() -> list[int]:
    with current.everywhere("look after every town in turn"):
        return list(Town.objects.values_list("pk", flat=True))


def _fetch_media(channel: str, town: int, media: str) -> bytes:
    return registry.channel_for(channel, town).fetch_media(media)


def _deliver(channel: str, town: int, delivery: Delivery) -> Receipt:
    if not services.channel_is_on(Town.objects.get(pk=town), channel):
        return Receipt(Outcome.REFUSED, CHANNEL_OFF)
    return registry.channel_for(channel, town).deliver(delivery)


def warm() -> None:
    """Load what is slow to load, so that the first message need not wait for it."""
    for town in Town.objects.all():
        places.gazetteer_for(town.code)
        for kind in registry.kinds():
            registry.channel_for(kind, town.pk)
    for listener in router.listeners().values():
        listener.warm()
    connections.close_all()
    # Names and models live as long as the process: the collector need not walk them again.
    gc.collect()
    gc.freeze()


_running: Runtime | None = None


def start(*, alone: bool = False) -> Runtime:
    """Start the threads of this process; ``alone``: no other process works on the same rows."""
    global _running
    if alone:
        worker.take_over()
        connections.close_all()
    _running = Runtime()
    _running.start()
    threading.Thread(target=warm, name="warm", daemon=True).start()
    return _running


def stop() -> bool:
    """End the threads of this process, if it has any; whether all ended in time."""
    return _running is None or _running.stop()


def healthy() -> bool:
    """Whether the threads of this process, if it has any, are at work."""
    return _running is None or _running.alive()
