"""How the town's SMS is: by its settings and by what waits because of them."""

from madoguchi.channels.condition import Condition
from madoguchi.channels.keeping import Misconfigured
from madoguchi.channels.sms import account as accounts
from madoguchi.kernel.messages.models import Outbox
from madoguchi.kernel.towns.models import Town
from madoguchi.ui import services

TITLE = "SMSの送信"


def condition(town: Town) -> Condition | None:
    """The state of the SMS of the current town; None for a town without it."""
    try:
        account = accounts.of_town(town.settings)
    except Misconfigured as error:
        return Condition(TITLE, "設定が使えません", str(error))
    if account is None or not services.channel_is_on(town, "sms"):
        return None
    stuck = Outbox.objects.filter(channel="sms", state=Outbox.State.WAITING, attempts__gte=3)
    if waiting := stuck.order_by("id").first():
        return Condition(
            TITLE, f"送り直しているもの {stuck.count()} 件", waiting.detail or "確認中"
        )
    return Condition(TITLE, "設定されています")
