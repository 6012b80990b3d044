"""Reads what was meant where something else was typed."""
