"""PostgreSQL that knows the current town: ``ENGINE`` of the shared installation."""
