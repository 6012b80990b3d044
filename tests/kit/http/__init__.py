"""The door out: address guard, limits, redirects."""
