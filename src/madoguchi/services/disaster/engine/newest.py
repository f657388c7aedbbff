"""The newest state of a place replaces the older: 「通行止め」 then 「解除」."""

from collections.abc import Sequence

from madoguchi.services.disaster.data import Grouped, Source

WEIGHTS = {Source.LINE: 1.0, Source.PHONE: 1.0, Source.WEB: 0.8, Source.SNS: 0.4}


def weight(source: Source) -> float:
    """How much a message weighs: a registered follower or a caller more than an open post."""
    return WEIGHTS[source]


def state(told: Sequence[Grouped]) -> str | None:
    """The state that the newest messages tell, when they tell that it is over; else None.

    A message that says it is over counts unless somebody who weighs at least as much tells the
    contrary later.
    """
    in_time = sorted(told, key=lambda item: item.message.sent_at)
    over: Grouped | None = None
    for item in in_time:
        if item.reading.settles and not item.reading.doubtful:
            over = item
        elif over is not None and weight(item.message.source) >= weight(over.message.source):
            over = None
    return "解除・復旧の知らせあり" if over is not None else None
