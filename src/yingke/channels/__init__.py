"""Translates between a platform's wire format and a message."""
