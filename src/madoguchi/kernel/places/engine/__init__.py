"""Pure reading of Japanese addresses and place names; plain data in, plain data out."""
