"""The help desk at the door for words: in the conversation, and behind the web form."""

import json
from datetime import date

from madoguchi.kernel.messages.data import EventKind
from madoguchi.kernel.messages.router import Bid, Listener
from madoguchi.kernel.messages.turn import Turn
from madoguchi.kernel.towns import api as towns
from madoguchi.services.helpdesk import domain, speaking
from madoguchi.services.helpdesk.data import SERVICE, Asking, Topic, When
from madoguchi.services.helpdesk.engine import hearing
from madoguchi.services.helpdesk.models import HelpRequest
from madoguchi.ui.words import Language

FORM = "help:"
"""How the data of a message begin that came from the form of the room."""

ASK_MINUTES = 60
MOST_DIGITS = 20
FOLLOWED = 0.75  # with a trouble: more than words worth a record, less than what must be seen to


class HelpdeskListener(Listener):
    """Takes words that ask for help with using the platform."""

    name = SERVICE
    title = "使い方の相談"
    optional = True

    def claims(self, turn: Turn) -> str | None:
        """What comes from the room's own form is for the room."""
        return "使い方の相談のページから" if turn.incoming.data.startswith(FORM) else None

    def lets_go(self, turn: Turn) -> bool:
        """Words that are no answer to us are offered to every room, us included."""
        return _answer_of(turn) is None

    def bid(self, turn: Turn) -> Bid | None:
        """As sure as the words are; what follows in an open conversation is probably ours."""
        if turn.incoming.kind is EventKind.TEXT:
            heard = hearing.asks_for_help(turn.incoming.text)
            if heard is not None:
                return Bid(heard.score, heard.reason)
        open_here = turn.conversation.service == SERVICE and turn.conversation.is_open(turn.now)
        if open_here and turn.incoming.kind in (EventKind.TEXT, EventKind.IMAGE):
            trouble = hearing.tells_trouble(turn.incoming.text)
            return Bid(FOLLOWED if trouble else 1.0, "使い方の相談の続きと判断しました")
        return None

    def handle(self, turn: Turn) -> None:
        """An answer to our question, more words, or a new request."""
        language = _language(turn)
        row = _asked(turn)
        if row is not None and not turn.handed_over:
            step = _answer_of(turn)
            if step is not None:
                _STEPS[step](turn, row, language)
                return
            if turn.incoming.kind is EventKind.IMAGE or not hearing.asks_for_help(
                turn.incoming.text
            ):
                _more(turn, row, language)
                return
        _open(turn, language)


def form_data(asking: Asking) -> str:
    """What the form knows beside the words, for ``Incoming.data`` (at most 300 characters)."""
    fields = {
        "topic": asking.topic.value,
        "name": asking.name,
        "phone": asking.phone,
        "on": asking.wished_on.isoformat() if asking.wished_on else "",
        "when": asking.wished_when.value,
    }
    return FORM + json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _open(turn: Turn, language: Language) -> None:
    actor = f"person:{turn.contact.person_id}"
    asking = _asking(turn)
    once = f"inbound:{turn.inbound_id}"
    row = domain.ask(asking, once=once, contact_id=turn.contact.id, actor=actor)
    turn.about = f"case:{row.case_id}"
    if turn.file is not None:
        domain.add_words(row, "", turn.file, actor=actor)
    town = towns.here()
    phone = str(town.settings.get("help_phone") or town.contact_phone)
    called = bool(asking.phone)
    turn.say(speaking.received(row.case.number, asking.topic, phone, language, call=called))
    if not called and hearing.wants_call(turn.incoming.text):
        turn.say(speaking.plain(speaking.ASK_PHONE, language))
        _await(turn, row, "phone")
    else:
        _await(turn, row, "more")


def _asking(turn: Turn) -> Asking:
    text, data = turn.incoming.text, turn.incoming.data
    if not data.startswith(FORM):
        phone = hearing.phone_in(text) if hearing.wants_call(text) else ""
        return Asking(turn.channel, text, hearing.topic_of(text), phone=phone)
    fields = json.loads(data.removeprefix(FORM))
    return Asking(
        channel=turn.channel,
        text=text,
        topic=Topic(fields["topic"]),
        name=fields["name"],
        phone=fields["phone"],
        wished_on=date.fromisoformat(fields["on"]) if fields["on"] else None,
        wished_when=When(fields["when"]),
    )


def _answer_of(turn: Turn) -> str | None:
    """Which of our questions the words answer, or None."""
    text, step = turn.incoming.text, turn.conversation.step
    ours = turn.conversation.service == SERVICE and not turn.incoming.data.startswith(FORM)
    if not ours or turn.incoming.kind is not EventKind.TEXT:
        return None
    short = len(hearing.plain(text)) <= MOST_DIGITS and any(c.isdigit() for c in text)
    signs = {
        "done": speaking.says(text, speaking.DID_IT),
        "call": speaking.says(text, speaking.CALL_ME),
        "phone": step in ("phone", "more") and bool(hearing.phone_in(text)),
        "when": step == "when" and speaking.when_in(text) is not None,
        "no_phone": step == "phone" and short,
    }
    return next((name for name, found in signs.items() if found), None)


def _done(turn: Turn, row: HelpRequest, language: Language) -> None:
    domain.settle_by_asker(row, actor=_actor(turn))
    turn.say(speaking.plain(speaking.GLAD, language))
    turn.stop_asking()


def _call(turn: Turn, row: HelpRequest, language: Language) -> None:
    turn.say(speaking.plain(speaking.ASK_PHONE, language))
    _await(turn, row, "phone")


def _phone(turn: Turn, row: HelpRequest, language: Language) -> None:
    domain.want_call(row, hearing.phone_in(turn.incoming.text), actor=_actor(turn))
    turn.say(speaking.ask_when(language))
    _await(turn, row, "when")


def _no_phone(turn: Turn, row: HelpRequest, language: Language) -> None:
    turn.say(speaking.plain(speaking.NO_PHONE, language))
    _await(turn, row, "phone")


def _when(turn: Turn, row: HelpRequest, language: Language) -> None:
    when = speaking.when_in(turn.incoming.text) or When.ANY
    domain.want_call(row, row.phone, when=when, actor=_actor(turn))
    turn.say(speaking.call_noted(row.phone, when, language))
    _await(turn, row, "more")


def _more(turn: Turn, row: HelpRequest, language: Language) -> None:
    domain.add_words(row, turn.incoming.text, turn.file, actor=_actor(turn))
    turn.say(speaking.plain(speaking.ADDED, language))
    _await(turn, row, turn.conversation.step)


_STEPS = {"done": _done, "call": _call, "phone": _phone, "no_phone": _no_phone, "when": _when}


def _await(turn: Turn, row: HelpRequest, step: str) -> None:
    turn.about = f"case:{row.case_id}"
    turn.ask(SERVICE, step, {"request": row.pk}, ASK_MINUTES)


def _asked(turn: Turn) -> HelpRequest | None:
    """The request that the open conversation is about, while somebody still works on it."""
    talk = turn.conversation
    if talk.service != SERVICE or not talk.is_open(turn.now):
        return None
    rows = HelpRequest.objects.select_related("case", "contact").filter(case__closed_at=None)
    return rows.filter(pk=int(str(talk.data["request"])), contact_id=turn.contact.id).first()


def _language(turn: Turn) -> Language:
    """The asker's language: English for who writes in it, else the one that was chosen."""
    text = turn.incoming.text.strip()
    if len(text) >= 6 and text.isascii() and any(c.isalpha() for c in text):
        return Language.EN
    try:
        return Language(turn.contact.language)
    except ValueError:
        return Language.JA


def _actor(turn: Turn) -> str:
    return f"person:{turn.contact.person_id}"
