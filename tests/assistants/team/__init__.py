"""Versions of the team."""
