"""Pure computation of the room: what is heard, and what is counted."""
