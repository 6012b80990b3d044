"""Reads of the shop: what fits a need, how products differ, what is there and when it comes."""
