"""Reading and grouping of disaster messages: pure, offline, each decision with its reason."""
