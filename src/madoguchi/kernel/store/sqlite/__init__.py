"""SQLite with full durability and one fair writer: ``ENGINE`` of the embedded installation."""
