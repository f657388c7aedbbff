"""The reception: greets, and answers what no service took. The last at the door for words."""

from madoguchi.kernel.messages.data import EventKind, Outgoing
from madoguchi.kernel.messages.router import Bid, Listener
from madoguchi.kernel.messages.turn import Turn
from madoguchi.kernel.towns import api as towns
from madoguchi.kernel.towns.models import Town

SCORE = 0.05  # lower than any service that has a reason


class Reception(Listener):
    """Takes follows, joined groups, stickers and words that nobody else wants."""

    name = "reception"
    title = "総合受付"

    def bid(self, turn: Turn) -> Bid | None:
        """Always ready, never eager."""
        return Bid(SCORE, "ほかに受け持つ窓口がありませんでした")

    def handle(self, turn: Turn) -> None:
        """Say what the town can do here."""
        town = towns.here()
        if turn.turned_away:
            turn.say(_turned_away(town, turn))
            return
        match turn.incoming.kind:
            case EventKind.UNFOLLOW | EventKind.LEAVE:
                return
            case EventKind.OTHER if not turn.incoming.reply_token:
                return  # nobody spoke to us: an unsent message, or a chat held by another system
            case EventKind.FOLLOW:
                turn.say(_welcome(town))
            case EventKind.JOIN:
                turn.say(_group_welcome(town))
            case _:
                turn.say(_how_to(town))


def _welcome(town: Town) -> Outgoing:
    return Outgoing(
        f"{town.name}です。登録ありがとうございます。\n"
        "災害や町の困りごとを見つけたら、「どこで」「何が」起きているかを、そのまま送ってください。"
        "写真や位置情報も送れます。職員が確認し、結果をお知らせします。\n"
        f"命の危険があるときは、先に119番か110番に電話してください。{_phone(town)}"
    )


def _group_welcome(town: Town) -> Outgoing:
    return Outgoing(
        f"{town.name}です。このグループから送られた災害や困りごとの知らせを、職員が受け取ります。"
        "命の危険があるときは、先に119番か110番に電話してください。"
    )


def _how_to(town: Town) -> Outgoing:
    return Outgoing(
        f"{town.name}です。メッセージを受け取りました。ご用件は文章で送ってください。災害や困りごとは、"
        f"「どこで」「何が」起きているかを書いてください。写真や位置情報も送れます。{_phone(town)}"
    )


def _turned_away(town: Town, turn: Turn) -> Outgoing:
    """The service is off: nobody watches for such messages, and the sender must know."""
    danger = "命の危険があるときは、いますぐ119番か110番に電話してください。\n"
    return Outgoing(
        f"{danger if turn.danger else ''}{town.name}です。この窓口では、いま"
        f"「{turn.turned_away}」を受け付けていません。メッセージは保存しましたが、すぐには見られないことがあります。"
        f"お急ぎのときは、役所に電話してください。{_phone(town)}"
        f"{'' if turn.danger else '命の危険があるときは、119番か110番です。'}"
    )


def _phone(town: Town) -> str:
    return f"電話番号は {town.contact_phone} です。" if town.contact_phone else ""
