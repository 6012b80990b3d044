"""Tools of a merchant's own."""
