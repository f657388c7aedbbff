"""One file a command. Their tops import the standard library only, so that help is instant."""
