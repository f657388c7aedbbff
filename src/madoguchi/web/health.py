"""Whether work piles up in the town: what the staff home shows in one line each."""

from dataclasses import dataclass
from datetime import timedelta

from madoguchi.channels import condition
from madoguchi.kernel.audit.models import Entry
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.towns import api as towns
from madoguchi.web import standby

SLOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of health, in words for staff; ``advice`` is "" when all is well."""

    title: str
    well: bool
    text: str
    advice: str = ""


def of_town() -> list[Sign]:
    """The signs of the current town."""
    return [_inbox(), _outbox(), _audit(), *_channels(), *_standby()]


def _inbox() -> Sign:
    late = Inbound.objects.filter(
        state=Inbound.State.WAITING, received_at__lt=clock.now() - SLOW
    ).count()
    return Sign(
        "届いたメッセージの処理",
        not late,
        f"1分より長く待っているもの {late} 件",
        "続くときは、システムの担当者に知らせてください。届いたものは保存されています。"
        if late
        else "",
    )


def _outbox() -> Sign:
    late = Outbox.objects.filter(
        state=Outbox.State.WAITING, created_at__lt=clock.now() - SLOW
    ).count()
    return Sign(
        "住民への送信",
        not late,
        f"1分より長く待っているもの {late} 件",
        "LINEなどの側が止まっていると遅れます。自動で送り直します。" if late else "",
    )


def _audit() -> Sign:
    late = Entry.objects.filter(seal__isnull=True, at__lt=clock.now() - SLOW).count()
    return Sign(
        "操作の記録の保全",
        not late,
        f"1分より長く保全を待っている記録 {late} 件",
        "続くときは、システムの担当者に madoguchi check を頼んでください。" if late else "",
    )


def _channels() -> list[Sign]:
    return [
        Sign(found.title, found.well, found.text, found.advice)
        for found in condition.of_town(towns.here())
    ]


def _standby() -> list[Sign]:
    reach = standby.reach()
    if reach is None:
        return []
    return [Sign("予備機への写し", reach.well, reach.text, reach.advice)]
