"""The only Python door of the room: contacts, erasure, staff and their sign-in."""

from madoguchi.kernel.people import proxies
from madoguchi.kernel.people.access import StaffRequest, staff_of, staff_required
from madoguchi.kernel.people.contacts import (
    contact_for,
    followers,
    hear,
    person_of,
    set_following,
    speak,
)
from madoguchi.kernel.people.data import ContactRef, Rank
from madoguchi.kernel.people.erasure import erase, on_erase
from madoguchi.kernel.people.links import make_sign_in_link
from madoguchi.kernel.people.managing import StaffRefused, take_in
from madoguchi.kernel.people.managing import change as change_staff
from madoguchi.kernel.people.managing import let_back as let_staff_back
from madoguchi.kernel.people.managing import stop as stop_staff
from madoguchi.kernel.people.proxies import ProxyRefused, acting_for
from madoguchi.kernel.people.reading import read_person
from madoguchi.kernel.people.staff import actor_name, actor_names, add_staff, invite

__all__ = [
    "ContactRef",
    "ProxyRefused",
    "Rank",
    "StaffRefused",
    "StaffRequest",
    "acting_for",
    "actor_name",
    "actor_names",
    "add_staff",
    "change_staff",
    "contact_for",
    "erase",
    "followers",
    "hear",
    "invite",
    "let_staff_back",
    "make_sign_in_link",
    "on_erase",
    "person_of",
    "proxies",
    "read_person",
    "set_following",
    "speak",
    "staff_of",
    "staff_required",
    "stop_staff",
    "take_in",
]
