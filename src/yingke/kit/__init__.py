"""Tools without a business word in them."""
