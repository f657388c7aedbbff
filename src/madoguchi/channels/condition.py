"""How each channel of a town is, for the staff home and the operator's check."""

from collections.abc import Callable
from dataclasses import dataclass

from madoguchi.kernel.towns.models import Town


@dataclass(frozen=True, slots=True)
class Condition:
    """One channel's state in words (Japanese); ``advice`` says what to do, "" when all is well."""

    title: str
    text: str
    advice: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing is to be done."""
        return not self.advice


Look = Callable[[Town], Condition | None]
"""The condition of a channel of the (current) town by its rows alone; None where it is not used."""

_looks: dict[str, Look] = {}


def watch(kind: str, look: Look) -> None:
    """Let ``look`` tell how the channel ``kind`` is; it may not use the network."""
    _looks[kind] = look


def of_town(town: Town) -> list[Condition]:
    """The conditions of the channels that the current town uses, by the channels' names."""
    looked = (_looks[kind](town) for kind in sorted(_looks))
    return [condition for condition in looked if condition is not None]
