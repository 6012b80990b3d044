"""What several providers are made of."""
