"""Opens the doors and wires the house; knows every room, and no room knows it."""
