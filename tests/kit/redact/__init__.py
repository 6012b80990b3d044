"""Masking of personal numbers."""
