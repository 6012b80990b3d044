"""Tests of what an assistant must not say by itself."""
