"""A whole file of messages as one stream in time."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import replace

from madoguchi.kernel.places.api import Gazetteer
from madoguchi.services.disaster.data import Category, Grouped, Message, Reason, Urgency
from madoguchi.services.disaster.engine import group, read
from madoguchi.services.disaster.engine.model import Model

REMEMBERED = 200
"""Messages of one town that a new one is compared with."""
DISASTER_MESSAGES = 3


class Stream:
    """Reads messages in the order of time and finds their groups.

    Ids of groups are those of their first message; a message that stays alone has none.
    """

    def __init__(self, gazetteer: Gazetteer, model: Model) -> None:
        self._gazetteer = gazetteer
        self._model = model
        self._told_to: dict[str, deque[Grouped]] = defaultdict(_remembered)
        self._of_elsewhere = _remembered()
        self._pressing: Counter[tuple[str, object]] = Counter()

    def run(self, messages: Iterable[Message]) -> dict[str, Grouped]:
        """All messages read, by id."""
        read_all = [self._take(m) for m in sorted(messages, key=lambda m: (m.sent_at, m.id))]
        sizes = Counter(item.group for item in read_all)
        return {
            item.message.id: item if sizes[item.group] > 1 else replace(item, group=None)
            for item in read_all
        }

    def _take(self, message: Message) -> Grouped:
        reading = read.read(message, self._gazetteer, self._model)
        day = (message.town, message.sent_at.date())
        if reading.urgency >= Urgency.TODAY:
            self._pressing[day] += 1
        asks = reading.categories == (Category.QUESTION,)
        if asks and reading.urgency is Urgency.NOTHING and self._pressing[day] >= DISASTER_MESSAGES:
            why = Reason("urgency", "災害の対応中なので、答えが変わるかもしれない質問です。")
            reading = replace(reading, urgency=Urgency.RECORD, reasons=(*reading.reasons, why))
        alone = Grouped(message, reading, message.id)
        pairs = self._model.pairs
        found, reasons = group.match(alone, self._candidates(alone), pairs, pairs.threshold)
        item = Grouped(message, reading, found or message.id, reasons)
        self._told_to[message.town].append(item)
        if reading.elsewhere:
            self._of_elsewhere.append(item)
        return item

    def _candidates(self, item: Grouped) -> list[Grouped]:
        """What was told to the same town, or from one town of a place in another."""
        home = item.message.town
        if item.reading.elsewhere:
            return [other for told in self._told_to.values() for other in told]
        strangers = [other for other in self._of_elsewhere if other.message.town != home]
        return [*self._told_to[home], *strangers]


def _remembered() -> deque[Grouped]:
    return deque(maxlen=REMEMBERED)
