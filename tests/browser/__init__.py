"""Whole screens in real Chromium."""
