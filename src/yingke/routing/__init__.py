"""Which person gets a conversation and when."""
