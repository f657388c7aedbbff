"""The only Python door of the room: contacts, erasure, staff and their sign-in."""

from madoguchi.kernel.people.access import StaffRequest, staff_of, staff_required
from madoguchi.kernel.people.contacts import contact_for, followers, set_following
from madoguchi.kernel.people.data import ContactRef, Rank
from madoguchi.kernel.people.erasure import erase, on_erase
from madoguchi.kernel.people.links import make_sign_in_link
from madoguchi.kernel.people.reading import read_person
from madoguchi.kernel.people.staff import actor_name, actor_names, add_staff, invite

__all__ = [
    "ContactRef",
    "Rank",
    "StaffRequest",
    "actor_name",
    "actor_names",
    "add_staff",
    "contact_for",
    "erase",
    "followers",
    "invite",
    "make_sign_in_link",
    "on_erase",
    "read_person",
    "set_following",
    "staff_of",
    "staff_required",
]
