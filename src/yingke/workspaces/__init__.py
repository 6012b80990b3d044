"""The merchant, its agents, shops, keys and audit: whose data this is and who may see it."""
