"""The door of the room: letters for people without a device, lists that rooms add, PDFs."""

from madoguchi.channels.paper.data import Column, Group, Listing
from madoguchi.channels.paper.printing import code, picture_of, steps, where
from madoguchi.channels.paper.queue import addressee
from madoguchi.channels.paper.sheets import Sheet, register
from madoguchi.channels.paper.typesetting import NoPaper

__all__ = [
    "Column",
    "Group",
    "Listing",
    "NoPaper",
    "Sheet",
    "addressee",
    "code",
    "picture_of",
    "register",
    "steps",
    "where",
]
