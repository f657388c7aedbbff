"""Builder of the town packs: one module a kind of file, all pure except ``sources`` and ``writing``."""
