"""Relatives who act for somebody, in the conversation: a few words that mean one thing each."""

import re
import unicodedata
from collections.abc import Callable

from madoguchi.kernel.messages.data import EventKind, Outgoing, QuickReply, ReplyKind
from madoguchi.kernel.messages.router import Bid, Listener
from madoguchi.kernel.messages.turn import Turn
from madoguchi.kernel.people import proxies
from madoguchi.kernel.people.models import Proxy
from madoguchi.kernel.people.proxies import ProxyRefused
from madoguchi.kernel.towns import api as towns
from madoguchi.services.helpdesk import family
from madoguchi.services.helpdesk import family_words as words
from madoguchi.services.helpdesk.data import SERVICE
from madoguchi.ui.words import Language, Words

NAME = "family"
ASK_MINUTES = 60
BEGIN, GIVE, ACT, BACK, END = (
    *("家族のために使う", "家族に任せる", "代わりに知らせる", "自分のことに戻す", "代理をやめる"),
)
RELATIONS = (
    ("child", re.compile("父|母|親|お父|お母|両親")),
    ("partner", re.compile("夫|妻|主人|家内")),
    ("parent", re.compile("息子|娘|子ども|子供")),
)
"""Who acts is the child of a father: told by for whom."""
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


class FamilyListener(Listener):
    """Takes the words of the family; belongs to the help desk and goes with it."""

    name = NAME
    title = "家族の代理"

    def lets_go(self, turn: Turn) -> bool:
        """Only digits answer the question for digits; any words may answer that for names."""
        return turn.conversation.step == "code" and not CODE.search(_plain(turn.incoming.text))

    def bid(self, turn: Turn) -> Bid | None:
        """The words themselves, and nothing that only resembles them."""
        if SERVICE not in towns.here().services or turn.incoming.kind is not EventKind.TEXT:
            return None
        said = _command(turn.incoming.text)
        return Bid(1.0, f"「{said}」") if said else None

    def handle(self, turn: Turn) -> None:
        """One of the words, or an answer to our question."""
        said = _command(turn.incoming.text)
        try:
            if said:
                _COMMANDS[said](turn)
            elif turn.conversation.service == NAME and turn.conversation.step == "code":
                _code(turn)
            elif turn.conversation.service == NAME:
                _names(turn)
            else:
                _say(turn, words.NONE)
        except ProxyRefused as refused:
            turn.say(Outgoing(str(refused)))


def _begin(turn: Turn) -> None:
    _say(turn, words.HOW)
    turn.ask(NAME, "names", {}, ASK_MINUTES)


def _names(turn: Turn) -> None:
    """「山田花子、母の山田ハル」: who asks, and for whom."""
    text = _plain(turn.incoming.text)
    own, _, other = text.partition("、")
    if not other:
        own, _, other = text.partition("\n")
    relation = next((name for name, sign in RELATIONS if sign.search(other)), "relative")
    ask = proxies.ask(
        turn.contact.person_id, name=own, for_name=_without_kin(other), relation=relation
    )
    _say(turn, words.filled(words.WAITS, number=ask.number))
    turn.ask(NAME, "code", {}, ASK_MINUTES)


def _code(turn: Turn) -> None:
    found = CODE.search(_plain(turn.incoming.text))
    family.redeem(turn.contact.person_id, found.group() if found else "")
    turn.stop_asking()


def _give(turn: Turn) -> None:
    family.give_code(turn.contact)
    turn.stop_asking()


def _act(turn: Turn) -> None:
    """Act for the one there is, or for the one whose name is said."""
    for_whom, _ = proxies.of_person(turn.contact.person_id)
    said = _plain(turn.incoming.text)
    named = [proxy for proxy in for_whom if proxy.for_person.display_name in said]
    chosen = named or for_whom
    if not chosen:
        _say(turn, words.NONE)
    elif len(chosen) == 1:
        proxy = proxies.act(chosen[0].pk, turn.contact.person_id)
        _say(turn, words.filled(words.ACTING, name=proxy.for_person.display_name))
        turn.stop_asking()
    else:
        turn.say(Outgoing("どなたのこととして知らせますか。", tuple(_button(p) for p in chosen)))


def _button(proxy: Proxy) -> QuickReply:
    name = proxy.for_person.display_name
    return QuickReply(ReplyKind.TEXT, name[:20], f"{ACT} {name}")


def _back(turn: Turn) -> None:
    proxies.stop_acting(turn.contact.person_id)
    _say(turn, words.OWN_AGAIN)


def _end(turn: Turn) -> None:
    """All of it, in both directions: whoever says so is not asked twice."""
    for_whom, by_whom = proxies.of_person(turn.contact.person_id)
    for proxy in (*for_whom, *by_whom):
        family.end(proxy, actor=f"person:{turn.contact.person_id}")
    if not for_whom and not by_whom:
        _say(turn, words.NONE)
    turn.stop_asking()


_COMMANDS: dict[str, Callable[[Turn], None]] = {
    BEGIN: _begin,
    GIVE: _give,
    ACT: _act,
    BACK: _back,
    END: _end,
}


def _command(text: str) -> str:
    said = _plain(text).replace(" ", "").rstrip("。.!！")
    return next((word for word in _COMMANDS if said.startswith(word) and _short(said, word)), "")


def _short(said: str, word: str) -> bool:
    """The word alone, or with the name of one for whom somebody acts."""
    return said == word or (word == ACT and len(said) <= len(word) + 30)


def _without_kin(text: str) -> str:
    """「母の山田ハル」 -> 「山田ハル」; a word of kin alone stays."""
    return re.sub(r"^(?:父|母|親|夫|妻|祖父|祖母|息子|娘)の?\s*(?=\S{2,})", "", text.strip())


def _say(turn: Turn, said: Words) -> None:
    chosen = turn.contact.language
    language = Language(chosen) if chosen in set(Language) else Language.JA
    turn.say(Outgoing(said.plain(language)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().replace(",", "、")
