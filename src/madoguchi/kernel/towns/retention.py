"""How long a table keeps its rows. Standard library only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retention:
    """``days`` after which rows may go (None: kept as long as the town), and the reason.

    ``because`` is shown to staff and to whoever asks the town what it keeps; in Japanese.
    """

    days: int | None
    because: str
