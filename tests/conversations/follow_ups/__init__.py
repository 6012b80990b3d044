"""Tests of what people promised customers."""
