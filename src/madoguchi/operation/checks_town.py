"""Checks of what the towns have set up and of the work that waits."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from madoguchi.channels import condition, registry
from madoguchi.channels.line import account
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.messages.models import Inbound, Outbox
from madoguchi.kernel.people.models import StaffMember
from madoguchi.kernel.towns import current, pack
from madoguchi.kernel.towns.models import Town
from madoguchi.operation.finding import Finding, bad, warn, well

LATE = timedelta(minutes=1)
OUTBOX_LATE = timedelta(minutes=10)
HEAD_SHOWN = 16


@contextmanager
def _every_town() -> Iterator[list[Town]]:
    with current.everywhere("check"):
        yield list(Town.objects.order_by("code"))


def towns() -> list[Finding]:
    """There is a town, and residents are told a telephone number."""
    with _every_town() as found:
        if not found:
            return [
                bad(
                    "町",
                    "登録されていません",
                    "「madoguchi init --town 町の名前」を実行してください。",
                )
            ]
        silent = [town.name for town in found if not town.contact_phone]
    if silent:
        return [
            warn(
                "町",
                f"{'、'.join(silent)} の代表電話がありません",
                "「madoguchi init --town 町の名前 --phone 電話番号」で入れてください。",
            )
        ]
    return [well("町", "、".join(town.name for town in found))]


def packs() -> list[Finding]:
    """Every town's open data is there, file by file."""
    with _every_town() as found:
        codes = [(town.name, town.code) for town in found]
    broken = []
    for name, code in codes:
        try:
            known = pack.load(code)
        except (pack.UnknownTown, pack.NoPacks):
            broken.append(name)
            continue
        if any(not (known.folder / file.name).is_file() for file in known.files):
            broken.append(name)
    if broken:
        return [
            bad(
                "町のデータ",
                f"{'、'.join(broken)} のデータが足りません",
                "プログラムを入れ直すか、MADOGUCHI_PACKS の場所を確かめてください。",
            )
        ]
    return [well("町のデータ", f"{len(codes)}町分がそろっています")]


def staff() -> list[Finding]:
    """Somebody can let the others in."""
    with _every_town() as found:
        with_admin = set(
            StaffMember.objects.filter(role="admin", active=True).values_list("town", flat=True)
        )
        without = [town.name for town in found if town.pk not in with_admin]
    if without:
        return [
            bad(
                "職員の入口",
                f"{'、'.join(without)} に管理者がいません",
                "「madoguchi init --town 町の名前 --link」でサインイン用リンクを作ってください。",
            )
        ]
    return [well("職員の入口", "どの町にも管理者がいます")]


def audit_chain() -> list[Finding]:
    """The log was not changed afterwards, and its tail is sealed."""
    report = audit.verify()
    if not report.ok:
        return [
            bad(
                "操作の記録",
                f"{broken.town} の封印{broken.seal}番：{broken.why}",
                "書きかえの疑いがあります。窓口のデータを写し取り、情報の責任者に知らせてください。",
            )
            for broken in report.broken_at
        ]
    text = f"封印済み{report.sealed}件、これから封印{report.unsealed_tail}件"
    heads = "、".join(
        f"{town}={head[: head.index(':') + 1 + HEAD_SHOWN]}" for town, head in report.heads.items()
    )
    if report.unsealed_tail and _oldest_unsealed_is_late():
        return [
            warn(
                "操作の記録",
                text,
                "窓口が開いていれば1秒ごとに封印されます。窓口を開き直してください。",
            )
        ]
    return [well("操作の記録", f"{text}。控え：{heads or 'まだありません'}")]


def _oldest_unsealed_is_late() -> bool:
    from madoguchi.kernel.audit.models import Entry

    with current.everywhere("find the oldest unsealed entry"):
        return Entry.objects.filter(seal=None, at__lt=clock.now() - LATE).exists()


def inbox() -> list[Finding]:
    """What came in was worked on."""
    with _every_town():
        failed = Inbound.objects.filter(state=Inbound.State.FAILED).count()
        late = Inbound.objects.filter(
            state=Inbound.State.WAITING, received_at__lt=clock.now() - LATE
        ).count()
    if failed:
        return [
            warn(
                "届いたメッセージ",
                f"自動で処理できなかったものが{failed}件あります",
                "職員の画面「待っている仕事」から開き、内容を確かめてください。",
            )
        ]
    if late:
        return [
            warn(
                "届いたメッセージ",
                f"1分より長く待っているものが{late}件あります",
                "窓口が開いているか確かめてください（madoguchi serve）。保存はされています。",
            )
        ]
    return [well("届いたメッセージ", "処理を待っているものはありません")]


def outbox() -> list[Finding]:
    """What residents should hear has reached them."""
    with _every_town():
        refused = Outbox.objects.filter(state=Outbox.State.REFUSED, settled_at__isnull=True).count()
        late = Outbox.objects.filter(
            state=Outbox.State.WAITING, created_at__lt=clock.now() - OUTBOX_LATE
        ).count()
    if refused:
        return [
            warn(
                "住民への送信",
                f"届けられなかったものが{refused}件あります",
                "電話などで伝え、職員の画面「送信の状況」で「別の方法で伝えた」を押してください。",
            )
        ]
    if late:
        return [
            warn(
                "住民への送信",
                f"10分より長く待っているものが{late}件あります",
                "LINEなどの側が止まっていないか確かめてください。自動で送り直します。",
            )
        ]
    return [well("住民への送信", "待っているものはありません")]


def channels() -> list[Finding]:
    """Which ways a resident can write, and whether LINE's secrets are where a town says."""
    with _every_town() as found:
        settings = [(town.name, town.settings) for town in found]
    wrong, without = [], []
    for name, values in settings:
        try:
            if account.read(values, os.environ) is None:
                without.append(name)
        except account.Misconfigured as error:
            wrong.append(bad("窓口の設定", f"{name} のLINEが使えません", str(error)))
    kinds = "、".join(registry.kinds())
    if wrong:
        return wrong
    if without:
        return [
            warn(
                "窓口の設定",
                f"{'、'.join(without)} はLINEがまだです（使える窓口：{kinds}）",
                "docs/operator/line.md の手順で設定できます。ウェブの窓口はこのまま使えます。",
            )
        ]
    return [well("窓口の設定", f"使える窓口：{kinds}")]


def conditions() -> list[Finding]:
    """How each channel is that a town has set up and that can tell: one line a channel and town."""
    with _every_town() as found:
        rows = list(found)
    findings = []
    for town in rows:
        with current.use(town.pk):
            for one in condition.of_town(town):
                say = f"{town.name}：{one.text}"
                findings.append(
                    well(one.title, say) if one.well else warn(one.title, say, one.advice)
                )
    return findings
