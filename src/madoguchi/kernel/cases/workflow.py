"""Which verb leads from which state to which; pure.

The one table of the workflow: verbs and screens both ask it.
"""

from collections.abc import Mapping

from madoguchi.kernel.cases.data import (
    CLOSED_STATES,
    OPEN_STATES,
    STATE_WORDS,
    VERB_WORDS,
    State,
    Verb,
)

_MOVES: Mapping[Verb, Mapping[State, State]] = {
    Verb.SEE: {State.NEW: State.SEEN},
    Verb.ASSIGN: dict.fromkeys(OPEN_STATES, State.ASSIGNED),
    Verb.START: dict.fromkeys((State.NEW, State.SEEN, State.ASSIGNED), State.IN_WORK),
    Verb.SETTLE: dict.fromkeys(OPEN_STATES, State.DONE),
    Verb.REFUSE: dict.fromkeys(OPEN_STATES, State.REFUSED),
    Verb.REOPEN: dict.fromkeys(CLOSED_STATES, State.SEEN),
    Verb.MERGE: dict.fromkeys((*OPEN_STATES, *CLOSED_STATES), State.MERGED),
    # An open need must not disappear inside a closed case.
    Verb.ABSORB: {state: state for state in OPEN_STATES},
    Verb.ADD_WITNESS: {state: state for state in OPEN_STATES},
}

_STAYS = frozenset(Verb) - frozenset(_MOVES) - {Verb.OPEN}


def may(state: State, verb: Verb) -> State | None:
    """The state that ``verb`` leads to from ``state``, or None when it is not allowed there."""
    if verb in _STAYS:
        return None if state is State.MERGED else state
    return _MOVES.get(verb, {}).get(state)


def allowed(state: State) -> tuple[Verb, ...]:
    """The verbs that may be used in ``state``, in the order of ``Verb``."""
    return tuple(verb for verb in Verb if may(state, verb) is not None)


def refusal(state: State, verb: Verb, target_number: str = "") -> str:
    """Why ``verb`` is not allowed in ``state`` and what staff can do instead, in Japanese."""
    why = f"「{STATE_WORDS[state]}」の案件では「{VERB_WORDS[verb]}」はできません。"
    if state is State.MERGED:
        return f"{why}まとめ先の案件{target_number}を開いて操作してください。"
    if state in CLOSED_STATES:
        return f"{why}もう一度対応するときは、先に「もう一度対応する」を押してください。"
    return f"{why}画面を開き直して、いまの状態を確かめてください。"
