"""Builder of the town packs: one module a kind of file; only ``sources`` reads them."""
