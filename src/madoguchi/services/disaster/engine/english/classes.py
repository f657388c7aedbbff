"""What the classes of HumAID (Alam et al., ICWSM 2021) mean in the categories of this house.

HumAID labels news-like tweets of whole disasters, this house messages to one town hall: a class
tells at best which of several categories may be meant, and what is due when a resident writes it.
"""

from dataclasses import dataclass

from madoguchi.services.disaster.data import Category as C
from madoguchi.services.disaster.data import Urgency


@dataclass(frozen=True, slots=True)
class Meaning:
    """``categories``: one of them fits; ``urgency`` is the least that is due to a resident."""

    categories: frozenset[C]
    urgency: Urgency


_DAMAGE = frozenset({C.BUILDING, C.ROAD, C.LIFELINE, C.FLOOD, C.LANDSLIDE, C.FIRE})

CLASSES = {
    "requests_or_urgent_needs": Meaning(frozenset({C.SUPPLIES, C.RESCUE, C.INJURY}), Urgency.TODAY),
    "injured_or_dead_people": Meaning(frozenset({C.INJURY}), Urgency.TODAY),
    "missing_or_found_people": Meaning(frozenset({C.MISSING, C.RESCUE}), Urgency.TODAY),
    "infrastructure_and_utility_damage": Meaning(_DAMAGE, Urgency.TODAY),
    "displaced_people_and_evacuations": Meaning(frozenset({C.SHELTER}), Urgency.RECORD),
    "caution_and_advice": Meaning(_DAMAGE | {C.SHELTER, C.QUESTION}, Urgency.RECORD),
    "rescue_volunteering_or_donation_effort": Meaning(
        frozenset({C.SUPPLIES, C.RESCUE, C.SHELTER, C.IRRELEVANT}), Urgency.NOTHING
    ),
}
