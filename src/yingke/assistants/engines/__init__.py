"""Engines of answers, one a file."""
