"""Measures the product from outside, on the machine it runs on."""
