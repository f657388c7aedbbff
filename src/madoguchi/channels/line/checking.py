"""Is the town connected to LINE? Three questions to LINE, and what to do about each answer.

Each waits for the network: never call this inside a transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from madoguchi.channels.line.client import NO_ANSWER, Answer, LineClient

STEPS = 3
"""How many there are when all is well."""


class Grade(StrEnum):
    """How a step stands."""

    WELL = "well"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried; ``todo`` says what to do, "" when all is well."""

    title: str
    grade: Grade
    text: str
    todo: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing is to be done."""
        return self.grade is Grade.WELL


def examine(client: LineClient, webhook_url: str) -> list[Step]:
    """Token, address and way back, one after the other; the first trouble with LINE ends it."""
    bot = client.bot()
    if not bot.ok:
        return [_trouble("アクセストークン", bot)]
    name = getattr(bot.data, "display_name", "") or "（名前なし）"
    basic = getattr(bot.data, "basic_id", "")
    steps = [_well("アクセストークン", f"公式アカウント「{name}」{basic} とつながりました。")]
    endpoint = client.webhook()
    if not endpoint.ok and endpoint.status != 404:
        return [*steps, _trouble("Webhook URL", endpoint)]
    steps.append(_endpoint(endpoint, webhook_url))
    if not steps[-1].well:
        return steps
    return [*steps, _way_back(client.try_webhook(webhook_url))]


def connected(found: Sequence[Step]) -> bool:
    """Whether everything was tried and is well."""
    return len(found) == STEPS and all(step.well for step in found)


def _endpoint(answer: Answer, ours: str) -> Step:
    """What LINE Developers has as address, and whether its use is switched on."""
    title = "Webhook URL"
    known = getattr(answer.data, "endpoint", "") or ""
    if not known:
        return _bad(
            title,
            "LINE Developers に、まだ入っていません。",
            f"「Messaging API設定」の「Webhook URL」に {ours} を入れ、「更新」を押してください。",
        )
    if known != ours:
        return _bad(
            title,
            f"LINE Developers には、別のアドレス（{known[:200]}）が入っています。",
            f"{ours} に入れかえ、「更新」を押してください。",
        )
    if not getattr(answer.data, "active", False):
        return _bad(
            title,
            "アドレスは合っていますが、「Webhookの利用」が切れています。",
            "LINE Developers の「Messaging API設定」で「Webhookの利用」を入れてください。",
        )
    return _well(title, "LINE Developers に正しく入っています。")


def _way_back(answer: Answer) -> Step:
    """LINE calls our webhook with no event, signed with the channel secret."""
    title = "LINEから窓口へ"
    if not answer.ok:
        return _trouble(title, answer)
    data: Any = answer.data
    status = int(getattr(data, "status_code", 0) or 0)
    if getattr(data, "success", False):
        return _well(title, "届きました。チャネルシークレットも合っています。")
    if status == 401:
        return _bad(
            title,
            "届きましたが、チャネルシークレットが合いません。",
            "LINE Developers の「チャネル基本設定」からシークレットを写し直してください。",
        )
    if status > 0:
        return _bad(
            title,
            f"届きましたが、窓口が正しく答えませんでした（{status}）。",
            "少し待って、もう一度確かめてください。続くときは、運用の担当者に"
            "「madoguchi check」を実行してもらってください。",
        )
    return _bad(
        title,
        "LINEが窓口のアドレスを開けませんでした。",
        "そのアドレスがインターネットから https で開けるか、証明書の期限が切れていないかを、"
        "情報システムの担当者に確かめてください。",
    )


def _trouble(title: str, answer: Answer) -> Step:
    """LINE did not do what was asked."""
    if answer.status == 401:
        return _bad(
            title,
            "LINEがチャネルアクセストークンを認めませんでした。",
            "LINE Developers の「Messaging API設定」のいちばん下で「チャネルアクセストークン"
            "（長期）」を発行し直し、手順2に入れてください。",
        )
    if answer.status == 403:
        return _bad(
            title,
            "LINEがこの操作を許可していません。",
            "公式アカウントの契約と、Messaging API を使う設定を確かめてください。",
        )
    if answer.status == 429:
        return _bad(
            title,
            "LINEへの問い合わせが混み合っています。",
            "設定はそのままで、1分ほど待ってから、もう一度確かめてください。",
        )
    if answer.status == NO_ANSWER:
        return _bad(
            title,
            "LINEから応答がありません。",
            "この機械からインターネット（api.line.me）へ出られるかを、情報システムの担当者に"
            "確かめてください。つながっているときは、しばらく待って、もう一度確かめてください。",
        )
    if answer.status >= 500:
        return _bad(
            title,
            f"LINEの側で障害が起きています（{answer.status}）。",
            "設定はそのままで、しばらく待ってから、もう一度確かめてください。",
        )
    return _bad(
        title,
        f"LINEがこの問い合わせを断りました（{answer.status}）。",
        "運用の担当者に、この画面を見せてください。",
    )


def _well(title: str, text: str) -> Step:
    return Step(title, Grade.WELL, text)


def _bad(title: str, text: str, todo: str) -> Step:
    return Step(title, Grade.BAD, text, todo)
