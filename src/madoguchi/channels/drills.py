"""Whether a delivery belongs to a drill: then what is sent has to say 訓練."""

from madoguchi.kernel.cases.models import Case
from madoguchi.kernel.messages.data import Delivery
from madoguchi.kernel.messages.models import Outbox
from madoguchi.kernel.towns.models import Town

MARK = "【訓練】"


def about(delivery: Delivery) -> str:
    """The subject of a delivery of the current town ("case:12"), or ""."""
    row = Outbox.objects.filter(key=delivery.key).only("about").first()
    return row.about if row else ""


def is_drill(town: Town, delivery: Delivery, subject: str) -> bool:
    """By the town's own switch, by the words, or by the case that it is about."""
    if town.settings.get("drill"):
        return True
    if any(m.text.lstrip().startswith(MARK) for m in delivery.messages):
        return True
    kind, _, number = subject.partition(":")
    is_case = kind == "case" and number.isdigit()
    return is_case and Case.objects.filter(pk=int(number), drill=True).exists()
