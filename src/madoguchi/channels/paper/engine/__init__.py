"""Pure computation: in which order to walk."""
