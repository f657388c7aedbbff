"""The only Python door of the room."""

from madoguchi.services.helpdesk.data import Asking, CallWanted, Topic, When
from madoguchi.services.helpdesk.domain import ask
from madoguchi.services.helpdesk.queries import calls_wanted

__all__ = ["Asking", "CallWanted", "Topic", "When", "ask", "calls_wanted"]
