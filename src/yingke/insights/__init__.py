"""Reads everything and changes nothing below it."""
