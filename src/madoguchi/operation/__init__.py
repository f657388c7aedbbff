"""What the operator's commands do: open the house, serve, check, back up, restore."""
