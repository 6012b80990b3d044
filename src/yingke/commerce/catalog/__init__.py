"""The products of the shop as agents see and, in the built-in shop, change them."""
