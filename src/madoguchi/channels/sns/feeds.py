"""How far the streams of the current town were read, and what holds them up."""

from datetime import timedelta

from madoguchi.channels.sns.models import Feed
from madoguchi.kernel.clock import api as clock

HEARD_EVERY = timedelta(seconds=30)


def cursors(prefix: str) -> dict[str, str]:
    """The cursors of the feeds whose name begins with ``prefix``, by name."""
    return dict(Feed.objects.filter(name__startswith=prefix).values_list("name", "cursor"))


def start(name: str, cursor: str) -> None:
    """Write down from where a feed is read that was never read before."""
    Feed.objects.update_or_create(name=name[:200], defaults={"cursor": cursor[:40]})


def move(name: str, cursor: str) -> None:
    """Write down how far a feed was read; in the transaction that keeps what was read."""
    Feed.objects.update_or_create(
        name=name[:200], defaults={"cursor": cursor[:40], "heard_at": clock.now(), "problem": ""}
    )


def heard(name: str) -> None:
    """A feed is connected; its problem is over. Writes only what staff could see the change of."""
    now = clock.now()
    feed = Feed.objects.filter(name=name[:200]).first()
    if feed is None:
        Feed.objects.get_or_create(name=name[:200], defaults={"heard_at": now})
    elif feed.problem or feed.heard_at is None or now - feed.heard_at >= HEARD_EVERY:
        Feed.objects.filter(pk=feed.pk).update(heard_at=now, problem="")


def trouble(name: str, problem: str) -> None:
    """Say on the page of staff what holds a feed up."""
    feed, _ = Feed.objects.get_or_create(name=name[:200], defaults={"problem": problem[:300]})
    if feed.problem != problem[:300]:
        Feed.objects.filter(pk=feed.pk).update(problem=problem[:300])
