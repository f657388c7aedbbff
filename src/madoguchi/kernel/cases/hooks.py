"""Who else hears of a change, inside its transaction (so that the sender can be told)."""

from collections import defaultdict
from collections.abc import Callable

from madoguchi.kernel.cases.data import Verb
from madoguchi.kernel.cases.models import Case

Hook = Callable[[Case, Verb, str], None]
"""(case after the change, verb, note for the sender); may write, may not use the network."""

_hooks: dict[str, list[Hook]] = defaultdict(list)
_of_all: list[Hook] = []


def on_change(service: str, hook: Hook) -> None:
    """Call ``hook`` after every verb on a case of ``service``; registering twice counts once."""
    if hook not in _hooks[service]:
        _hooks[service].append(hook)


def on_any_change(hook: Hook) -> None:
    """Call ``hook`` after every verb on a case of any service; registering twice counts once."""
    if hook not in _of_all:
        _of_all.append(hook)


def tell(case: Case, verb: Verb, note: str) -> None:
    """Call the hooks of the case's service; an error in one undoes the change."""
    for hook in (*_hooks.get(case.service, ()), *_of_all):
        hook(case, verb, note)
