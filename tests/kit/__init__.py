"""Tests of the tools without a business word."""
