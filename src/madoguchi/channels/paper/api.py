"""The door of the room: letters for people without a device, lists that rooms add, PDFs."""

from madoguchi.channels.paper.data import Column, Group, Listing
from madoguchi.channels.paper.queue import addressee
from madoguchi.channels.paper.sheets import Sheet, register

__all__ = ["Column", "Group", "Listing", "Sheet", "addressee", "register"]
