"""What the rest of the house knows of people."""

from dataclasses import dataclass
from enum import IntEnum


class Rank(IntEnum):
    """Roles of staff in order; who may do more has the higher rank."""

    VIEWER = 1
    OPERATOR = 2
    MANAGER = 3
    ADMIN = 4


ROLES = {
    "viewer": Rank.VIEWER,
    "operator": Rank.OPERATOR,
    "manager": Rank.MANAGER,
    "admin": Rank.ADMIN,
}


@dataclass(frozen=True, slots=True)
class ContactRef:
    """How somebody is reached: ``address`` is the channel's own name of the person."""

    id: int
    person_id: int
    channel: str
    address: str
    following: bool
    verified: bool
    language: str
