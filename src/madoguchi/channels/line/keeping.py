"""The two secrets of a town's LINE account, as its page shows and keeps them."""

from dataclasses import dataclass

from madoguchi.channels.keeping import Keeper, NotOurs, Where
from madoguchi.kernel.towns.models import Town

__all__ = ["NotOurs", "Standing", "Where", "keep", "standing"]

KEEPER = Keeper("line", "LINE", ("secret", "token"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a town has set, without any secret."""

    where: Where
    secret: bool
    token: bool

    @property
    def whole(self) -> bool:
        """Whether both secrets are named."""
        return self.secret and self.token


def standing(town: Town) -> Standing:
    """What is set, without reading any secret."""
    return Standing(KEEPER.where(town), KEEPER.has(town, "secret"), KEEPER.has(town, "token"))


def keep(town_id: int, *, secret: str, token: str, actor: str) -> None:
    """Store what is not "" in place of what was there. Raises ``NotOurs``."""
    KEEPER.keep(town_id, {"secret": secret, "token": token}, actor=actor)
