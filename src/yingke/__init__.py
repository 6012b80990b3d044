"""Yingke 迎客: AI-first customer service for e-commerce."""

__version__ = "0.1.0"
