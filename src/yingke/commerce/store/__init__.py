"""Writes what a shop, a file or a person tells into the mirror: in whatever order and however often it is told."""
