"""What an answer of LINE means for a delivery, in words for staff. Pure."""

from madoguchi.channels.line.client import NO_ANSWER, Answer
from madoguchi.kernel.messages.data import Outcome, Receipt

REFUSALS = {
    400: "LINEがメッセージを受け付けませんでした。宛先が友だちでないか、内容に問題があります。"
    "電話など別の方法で伝えてください。",
    401: "LINEに接続できません。チャネルアクセストークンを確認し、正しいものに替えてから、"
    "もう一度送ってください。",
    403: "LINEがこの送信を許可していません。公式アカウントの契約と権限を確認してください。",
    404: "LINEの接続先が見つかりません。接続先（host）の設定を確認してください。",
    413: "メッセージが大きすぎます。短くして送り直してください。",
}
OTHER_REFUSAL = "LINEがこの送信を断りました（{status}）。システムの担当者に知らせてください。"
MONTHLY_LIMIT = (
    "LINEの今月の送信数が上限に達しました。料金プランを確認し、変更してからもう一度送ってください。"
    "急ぐときは電話など別の方法で伝えてください。"
)


def receipt(answer: Answer) -> Receipt:
    """SENT, RETRY or REFUSED."""
    if answer.ok or answer.status == 409:  # 409: this retry key has been accepted before
        return Receipt(Outcome.SENT, external_id=answer.request_id)
    if may_work_later(answer):
        return Receipt(
            Outcome.RETRY, _waiting(answer), answer.retry_after_s, external_id=answer.request_id
        )
    if _month_is_full(answer):
        detail = MONTHLY_LIMIT
    else:
        detail = REFUSALS.get(answer.status, OTHER_REFUSAL.format(status=answer.status))
    return Receipt(Outcome.REFUSED, detail, external_id=answer.request_id)


def may_work_later(answer: Answer) -> bool:
    """Whether the same request may succeed without anybody changing anything."""
    if answer.status == 429:
        return not _month_is_full(answer)
    return answer.status in (NO_ANSWER, 408) or not 400 <= answer.status < 500


def reply_token_dead(answer: Answer) -> bool:
    """Whether LINE refused the reply token: used, or too old."""
    return answer.status == 400 and "reply token" in answer.said.lower()


def media_detail(answer: Answer) -> str:
    """Why a photo could not be fetched."""
    if answer.status == 202:
        return "写真はLINEで準備中です。自動で取り直します。"
    if may_work_later(answer):
        return "LINEから写真を取り出せませんでした。自動で取り直します。"
    if answer.status in (401, 403):
        return REFUSALS[answer.status]
    return "写真はもうLINEに残っていません。もう一度送ってもらってください。"


def menu_detail(answer: Answer) -> str:
    """Why a rich menu could not be shown."""
    if may_work_later(answer):
        return (
            "LINEから応答がないか、混み合っています。しばらくしてから、もう一度実行してください。"
        )
    if answer.status in (401, 403, 404):
        return REFUSALS[answer.status]
    return f"LINEがメニューを受け付けませんでした（{answer.status}）。担当者に知らせてください。"


def _waiting(answer: Answer) -> str:
    if answer.status == NO_ANSWER:
        return "LINEから応答がありません。自動で送り直します。"
    if answer.status == 429:
        return "LINEへの送信が混み合っています。自動で送り直します。"
    return f"LINEの側で障害が起きています（{answer.status}）。自動で送り直します。"


def _month_is_full(answer: Answer) -> bool:
    return answer.status == 429 and "monthly limit" in answer.said.lower()
