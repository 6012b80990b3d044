"""Tests of what brings questions and stored ones together."""
